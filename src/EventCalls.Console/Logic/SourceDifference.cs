using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Console.Logic;

/// <summary>What differs between the sources of two versions of logic, line by line.</summary>
internal static class SourceDifference
{
    private const int Around = 3;

    // Longer files are shown as removed and added: comparing takes the product of the lines.
    private const int MostLines = 4000;

    /// <summary>The files of both, by path; a file that is the same has no lines.</summary>
    public static IReadOnlyList<FileDifference> Of(IReadOnlyList<LogicSource> old, IReadOnlyList<LogicSource> @new) =>
    [
        .. old.Concat(@new).Select(s => s.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(path => new FileDifference(path, Lines(LinesOf(old, path), LinesOf(@new, path)))),
    ];

    private static string[] LinesOf(IReadOnlyList<LogicSource> sources, string path) =>
        sources.FirstOrDefault(s => s.Path == path) is { } source ? source.Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n') : [];

    private static IReadOnlyList<DifferenceLine> Lines(string[] old, string[] @new)
    {
        if (old.SequenceEqual(@new))
            return [];
        int head = 0;
        while (head < old.Length && head < @new.Length && old[head] == @new[head])
            head++;
        int tail = 0;
        while (tail < old.Length - head && tail < @new.Length - head && old[^(tail + 1)] == @new[^(tail + 1)])
            tail++;
        var lines = new List<DifferenceLine>(old[..head].Select(Same));
        lines.AddRange(Middle(old[head..^tail], @new[head..^tail]));
        lines.AddRange(old[(old.Length - tail)..].Select(Same));
        return Shortened(lines);
    }

    // The longest common subsequence; its table is filled from the end, so that the lines come out in order.
    private static IEnumerable<DifferenceLine> Middle(string[] old, string[] @new)
    {
        if (old.Length > MostLines || @new.Length > MostLines)
            return [.. old.Select(Removed), .. @new.Select(Added)];
        int[,] common = new int[old.Length + 1, @new.Length + 1];
        for (int i = old.Length - 1; i >= 0; i--)
        {
            for (int j = @new.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == @new[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }
        var lines = new List<DifferenceLine>();
        int o = 0, n = 0;
        while (o < old.Length || n < @new.Length)
        {
            if (o < old.Length && n < @new.Length && old[o] == @new[n])
            {
                lines.Add(Same(old[o++]));
                n++;
            }
            else if (o < old.Length && (n == @new.Length || common[o + 1, n] >= common[o, n + 1]))
            {
                lines.Add(Removed(old[o++]));
            }
            else
            {
                lines.Add(Added(@new[n++]));
            }
        }
        return lines;
    }

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

    private static DifferenceLine Same(string text) => new(LineKind.Same, text);

    private static DifferenceLine Added(string text) => new(LineKind.Added, text);

    private static DifferenceLine Removed(string text) => new(LineKind.Removed, text);
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
