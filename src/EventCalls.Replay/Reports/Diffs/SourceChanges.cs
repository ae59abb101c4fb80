using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Diffs;

/// <summary>In what the sources of two versions differ, as a whole and as far as calls went through it.</summary>
public sealed class SourceChanges
{
    private readonly Lazy<SourceMap> _was;
    private readonly Lazy<SourceMap> _now;

    private SourceChanges(IReadOnlyList<LogicSource> was, IReadOnlyList<LogicSource> now)
    {
        Files = SourceDiffs.Between(was, now);
        (_was, _now) = (new(() => new SourceMap(was)), new(() => new SourceMap(now)));
    }

    /// <summary>Of versions that differ in nothing, or of which nothing is known.</summary>
    public static SourceChanges None { get; } = new([], []);

    /// <summary>All files that differ, by name.</summary>
    public IReadOnlyList<SourceDiff> Files { get; }

    /// <summary>Finds them.</summary>
    /// <param name="was">The older version's sources.</param>
    /// <param name="now">The newer version's.</param>
    public static SourceChanges Between(IReadOnlyList<LogicSource> was, IReadOnlyList<LogicSource> now)
    {
        ArgumentNullException.ThrowIfNull(was);
        ArgumentNullException.ThrowIfNull(now);
        return new SourceChanges(was, now);
    }

    /// <summary>What of it the decisions of a group went through: lines that are gone in what decided as recorded, and new ones in what decides now. Empty when the group's decisions met none of it.</summary>
    public IReadOnlyList<SourceDiff> For(ChangeGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (Files.Count == 0)
            return [];
        var was = group.Places.Select(p => p.Was).Distinct(StringComparer.Ordinal).SelectMany(place => _was.Value.Through(place, group.Retry)).ToHashSet();
        var now = group.Places.Select(p => p.Now).Distinct(StringComparer.Ordinal).SelectMany(place => _now.Value.Through(place, group.Retry)).ToHashSet();
        return
        [
            .. Files.Select(diff => new SourceDiff(diff.File, [.. diff.Hunks.SelectMany(hunk => SourceDiffs.Part(hunk, (kind, line) => (kind == '-' ? was : now).Any(lines => lines.Has(diff.File, line))))]))
                .Where(diff => diff.Hunks.Count > 0),
        ];
    }
}
