namespace EventCalls.Replay.Reports.Diffs;

/// <summary>In what a file of routing logic differs between two versions.</summary>
/// <param name="File">The file, as the logic's folder has it.</param>
/// <param name="Hunks">The places that differ, each with a few lines around it.</param>
public sealed record SourceDiff(string File, IReadOnlyList<DiffHunk> Hunks);

/// <summary>A place that differs.</summary>
/// <param name="Was">Its first line in the older version, from 1.</param>
/// <param name="Now">Its first line in the newer version, from 1.</param>
/// <param name="Lines">The lines, in order.</param>
public sealed record DiffHunk(int Was, int Now, IReadOnlyList<DiffLine> Lines)
{
    /// <summary>The line that stands before it in a unified diff: <c>@@ -3,7 +3,8 @@</c>.</summary>
    public string Head => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"@@ -{Was},{Lines.Count(l => l.Kind != '+')} +{Now},{Lines.Count(l => l.Kind != '-')} @@");
}

/// <summary>A line of a difference.</summary>
/// <param name="Kind"><c>-</c> for one that is gone, <c>+</c> for a new one, a blank for one that stayed.</param>
/// <param name="Text">The line.</param>
public readonly record struct DiffLine(char Kind, string Text);
