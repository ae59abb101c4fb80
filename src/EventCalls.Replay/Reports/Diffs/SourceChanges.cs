using EventCalls.Contracts;
using EventCalls.Replay.Explaining;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Routing.Loading;

namespace EventCalls.Replay.Reports.Diffs;

/// <summary>In what the sources of two versions differ, as a whole and as far as calls went through it.</summary>
public sealed class SourceChanges
{
    private readonly Lazy<LogicMembers> _was;
    private readonly Lazy<LogicMembers> _now;

    private SourceChanges(IReadOnlyList<LogicSource> was, IReadOnlyList<LogicSource> now)
    {
        Files = SourceDiffs.Between(was, now);
        (_was, _now) = (new(() => new LogicMembers(was)), new(() => new LogicMembers(now)));
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
        var was = Through(_was.Value, group.Places.Select(p => p.Was), group.Retry);
        var now = Through(_now.Value, group.Places.Select(p => p.Now), group.Retry);
        return
        [
            .. Files.Select(diff => new SourceDiff(diff.File, [.. diff.Hunks.SelectMany(hunk => SourceDiffs.Part(hunk, (kind, line) => (kind == '-' ? was : now).Any(lines => lines.Has(diff.File, line))))]))
                .Where(diff => diff.Hunks.Count > 0),
        ];
    }

    private static HashSet<LogicLines> Through(LogicMembers members, IEnumerable<string> decidedBy, int retry) =>
        [.. decidedBy.Distinct(StringComparer.Ordinal).Select(DecisionExplainer.PlaceOf).SelectMany(place => members.Through(place.File, place.Line, retry))];
}
