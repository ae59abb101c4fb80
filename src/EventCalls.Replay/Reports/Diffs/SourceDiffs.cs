using EventCalls.Contracts;
using EventCalls.Replay.Explaining;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Diffs;

/// <summary>Finds in what the sources of two versions differ, and which of it is near a decision.</summary>
public static class SourceDiffs
{
    private const int Around = 3;

    /// <summary>The files that differ, by name.</summary>
    /// <param name="was">The older version's sources.</param>
    /// <param name="now">The newer version's.</param>
    public static IReadOnlyList<SourceDiff> Between(IReadOnlyList<LogicSource> was, IReadOnlyList<LogicSource> now)
    {
        ArgumentNullException.ThrowIfNull(was);
        ArgumentNullException.ThrowIfNull(now);
        var diffs = new List<SourceDiff>();
        foreach (string file in was.Concat(now).Select(s => s.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var hunks = Hunks(LineDiff.Of(Lines(was, file), Lines(now, file)));
            if (hunks.Count > 0)
                diffs.Add(new SourceDiff(file, hunks));
        }
        return diffs;
    }

    /// <summary>What of the differences is likely to have changed a group: where a line that decided is in a place that differs; else all of the files in which it was decided; else all.</summary>
    public static IReadOnlyList<SourceDiff> For(ChangeGroup group, IReadOnlyList<SourceDiff> all)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(all);
        var places = group.Places.Select(p => (Was: DecisionExplainer.PlaceOf(p.Was), Now: DecisionExplainer.PlaceOf(p.Now))).ToList();
        var near = all
            .Select(d => new SourceDiff(d.File, [.. d.Hunks.Where(h => places.Exists(p => (p.Now.File == d.File && p.Now.Line is { } now && h.HasNow(now)) || (p.Was.File == d.File && p.Was.Line is { } was && h.HasWas(was))))]))
            .Where(d => d.Hunks.Count > 0).ToList();
        if (near.Count > 0)
            return near;
        var same = all.Where(d => places.Exists(p => p.Now.File == d.File || p.Was.File == d.File)).ToList();
        return same.Count > 0 ? same : all;
    }

    private static string[] Lines(IReadOnlyList<LogicSource> sources, string file)
    {
        string text = sources.FirstOrDefault(s => s.Path == file)?.Text ?? "";
        return text.Length == 0 ? [] : [.. (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(l => l.TrimEnd('\r'))];
    }

    private static List<DiffHunk> Hunks(IReadOnlyList<DiffLine> lines)
    {
        var hunks = new List<DiffHunk>();
        int was = 1, now = 1;
        for (int i = 0; i < lines.Count;)
        {
            if (lines[i].Kind == ' ')
            {
                (i, was, now) = (i + 1, was + 1, now + 1);
                continue;
            }
            int first = i;
            for (int before = 0; before < Around && first > 0 && lines[first - 1].Kind == ' '; before++)
                first--;
            int last = i;
            // Two places with few lines between them are one.
            for (int j = i, same = 0; j < lines.Count && same <= 2 * Around; j++)
            {
                same = lines[j].Kind == ' ' ? same + 1 : 0;
                if (same == 0)
                    last = j;
            }
            int end = last + 1;
            for (int after = 0; after < Around && end < lines.Count && lines[end].Kind == ' '; after++)
                end++;
            var part = lines.Skip(first).Take(end - first).ToList();
            hunks.Add(new DiffHunk(was - (i - first), now - (i - first), part));
            for (; i < end; i++)
            {
                was += lines[i].Kind == '+' ? 0 : 1;
                now += lines[i].Kind == '-' ? 0 : 1;
            }
        }
        return hunks;
    }
}
