using EventCalls.Contracts;
using EventCalls.Replay.Explaining;

namespace EventCalls.Console.Pages.Calls;

/// <summary>The line of the stored source that decided, and those around it.</summary>
/// <param name="File">The file, as the logic's folder has it.</param>
/// <param name="Line">The line that decided, from 1.</param>
/// <param name="Lines">That line and its neighbours, with their numbers.</param>
public sealed record SourceLines(string File, int Line, IReadOnlyList<(int Number, string Text)> Lines)
{
    private const int Before = 3;
    private const int After = 3;

    /// <summary>Finds them; null when the version is not kept, or no line of it decided.</summary>
    internal static SourceLines? Around(LogicVersionLoaded? version, string decidedBy)
    {
        if (version is null || DecisionExplainer.PlaceOf(decidedBy) is not ({ } file, { } line) || version.Sources.FirstOrDefault(s => s.Path == file) is not { } source)
            return null;
        string[] lines = source.Text.Split('\n');
        int first = Math.Max(1, line - Before);
        int last = Math.Min(lines.Length, line + After);
        return line > lines.Length ? null : new SourceLines(file, line, [.. Enumerable.Range(first, last - first + 1).Select(n => (n, PlainText.OfLines(lines[n - 1].TrimEnd('\r'))))]);
    }
}
