using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Diffs;

namespace EventCalls.Console.Logic;

/// <summary>What differs between the sources of two versions of logic, line by line.</summary>
internal static class SourceDifference
{
    private const int Around = 3;

    /// <summary>The files of both, by path; a file that is the same has no lines.</summary>
    public static IReadOnlyList<FileDifference> Of(IReadOnlyList<LogicSource> old, IReadOnlyList<LogicSource> @new) =>
    [
        .. old.Concat(@new).Select(s => s.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(path => new FileDifference(path, Lines(LinesOf(old, path), LinesOf(@new, path)))),
    ];

    private static string[] LinesOf(IReadOnlyList<LogicSource> sources, string path) =>
        sources.FirstOrDefault(s => s.Path == path) is { } source ? source.Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n') : [];

    private static IReadOnlyList<DifferenceLine> Lines(string[] old, string[] @new) =>
        old.SequenceEqual(@new) ? [] : Shortened([.. LineDiff.Of(old, @new).Select(line => new DifferenceLine(KindOf(line), line.Text))]);

    private static LineKind KindOf(DiffLine line) => line.Kind switch
    {
        '+' => LineKind.Added,
        '-' => LineKind.Removed,
        _ => LineKind.Same,
    };

    private static List<DifferenceLine> Shortened(List<DifferenceLine> lines)
    {
        var kept = new List<DifferenceLine>();
        bool isGap = false;
        for (int i = 0; i < lines.Count; i++)
        {
            bool isNear = lines.GetRange(Math.Max(0, i - Around), Math.Min(lines.Count, i + Around + 1) - Math.Max(0, i - Around)).Exists(l => l.Kind != LineKind.Same);
            if (isNear)
                kept.Add(lines[i]);
            else if (!isGap)
                kept.Add(new DifferenceLine(LineKind.Gap, ""));
            isGap = !isNear;
        }
        return kept;
    }
}

/// <summary>One file's difference.</summary>
/// <param name="Path">The file.</param>
/// <param name="Lines">What differs, with some lines around; empty when nothing does.</param>
public sealed record FileDifference(string Path, IReadOnlyList<DifferenceLine> Lines);

/// <summary>One line of it.</summary>
/// <param name="Kind">In which of the two it is.</param>
/// <param name="Text">The line.</param>
public readonly record struct DifferenceLine(LineKind Kind, string Text);

/// <summary>Where a line is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LineKind>))]
public enum LineKind
{
    /// <summary>In both.</summary>
    [JsonStringEnumMemberName("same")]
    Same,

    /// <summary>In the new one.</summary>
    [JsonStringEnumMemberName("added")]
    Added,

    /// <summary>In the old one.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,

    /// <summary>Lines of both are left out.</summary>
    [JsonStringEnumMemberName("gap")]
    Gap,
}
