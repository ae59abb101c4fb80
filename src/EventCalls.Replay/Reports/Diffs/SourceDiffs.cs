using EventCalls.Contracts;

namespace EventCalls.Replay.Reports.Diffs;

/// <summary>Finds in what the sources of two versions differ, and parts of that.</summary>
internal static class SourceDiffs
{
    private const int Around = 3;

    /// <summary>The files that differ, by name.</summary>
    /// <param name="was">The older version's sources.</param>
    /// <param name="now">The newer version's.</param>
    public static IReadOnlyList<SourceDiff> Between(IReadOnlyList<LogicSource> was, IReadOnlyList<LogicSource> now)
    {
        var diffs = new List<SourceDiff>();
        foreach (string file in was.Concat(now).Select(s => s.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var lines = LineDiff.Of(Lines(was, file), Lines(now, file));
            var hunks = Hunks(lines, i => lines[i].Kind != ' ', 1, 1);
            if (hunks.Count > 0)
                diffs.Add(new SourceDiff(file, hunks));
        }
        return diffs;
    }

    /// <summary>Of a place that differs those lines that stand together and of which one counts, each with a few lines around them.</summary>
    /// <param name="hunk">The place.</param>
    /// <param name="counts">Whether a line counts: <c>-</c> and its number in the older version, or <c>+</c> and its number in the newer one.</param>
    public static IReadOnlyList<DiffHunk> Part(DiffHunk hunk, Func<char, int, bool> counts)
    {
        var isShown = new bool[hunk.Lines.Count];
        var (was, now) = (hunk.Was, hunk.Now);
        for (int i = 0, first = 0; i < hunk.Lines.Count; i++)
        {
            char kind = hunk.Lines[i].Kind;
            if (kind == ' ')
                first = i + 1;
            else if ((i > first && isShown[i - 1]) || counts(kind, kind == '-' ? was : now))
                Array.Fill(isShown, true, first, i + 1 - first);
            was += kind == '+' ? 0 : 1;
            now += kind == '-' ? 0 : 1;
        }
        return Hunks(hunk.Lines, i => isShown[i], hunk.Was, hunk.Now);
    }

    private static string[] Lines(IReadOnlyList<LogicSource> sources, string file)
    {
        string text = sources.FirstOrDefault(s => s.Path == file)?.Text ?? "";
        return text.Length == 0 ? [] : [.. (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(l => l.TrimEnd('\r'))];
    }

    private static List<DiffHunk> Hunks(IReadOnlyList<DiffLine> lines, Func<int, bool> isShown, int was, int now)
    {
        var hunks = new List<DiffHunk>();
        for (int i = 0; i < lines.Count;)
        {
            if (!isShown(i))
            {
                Pass(i++);
                continue;
            }
            int first = i;
            for (int before = 0; before < Around && first > 0 && lines[first - 1].Kind == ' '; before++)
                first--;
            int last = i;
            // Two places with few lines between them are one, unless what differs between them is not shown.
            for (int j = i, same = 0; j < lines.Count && same <= 2 * Around && (isShown(j) || lines[j].Kind == ' '); j++)
            {
                same = isShown(j) ? 0 : same + 1;
                if (same == 0)
                    last = j;
            }
            int end = last + 1;
            for (int after = 0; after < Around && end < lines.Count && lines[end].Kind == ' '; after++)
                end++;
            hunks.Add(new DiffHunk(was - (i - first), now - (i - first), [.. lines.Skip(first).Take(end - first)]));
            while (i < end)
                Pass(i++);
        }
        return hunks;

        void Pass(int line)
        {
            was += lines[line].Kind == '+' ? 0 : 1;
            now += lines[line].Kind == '-' ? 0 : 1;
        }
    }
}
