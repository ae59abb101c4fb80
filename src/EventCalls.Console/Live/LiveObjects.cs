using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;

namespace EventCalls.Console.Live;

/// <summary>The calls that are up.</summary>
/// <param name="Calls">The newest ones, as lists have them.</param>
/// <param name="Total">How many there are in all.</param>
internal sealed record LiveCalls(IEnumerable<ListedCall> Calls, long Total);

/// <summary>What changed in a moment: each call once, as it is now. Where more changed than a message shows, the newest are shown, and the counts are of all.</summary>
/// <param name="Started">Calls that began, and go on.</param>
/// <param name="Updated">Calls that go on otherwise.</param>
/// <param name="Ended">Calls that are over.</param>
/// <param name="Gone">The ids of further calls that are over: whoever shows one takes it away.</param>
/// <param name="LeftOut">How many more changed than are shown.</param>
/// <param name="Total">How many calls are up now.</param>
/// <param name="Began">How many began, those that are over already among them.</param>
/// <param name="Flows">How many ended by flow; empty for none.</param>
/// <param name="Outcomes">How many ended by outcome; empty for none.</param>
/// <param name="Trunks">How many are up now by trunk.</param>
internal sealed record LiveChanges(
    IEnumerable<ListedCall> Started, IEnumerable<ListedCall> Updated, IEnumerable<ListedCall> Ended, IEnumerable<Guid> Gone, int LeftOut, int Total, int Began,
    IReadOnlyDictionary<string, int> Flows, IReadOnlyDictionary<string, int> Outcomes, IReadOnlyDictionary<string, int> Trunks)
{
    /// <summary>Of changes.</summary>
    /// <param name="changes">The calls that changed.</param>
    /// <param name="began">How many began.</param>
    /// <param name="up">The calls that are up.</param>
    /// <param name="most">How many of each kind are shown.</param>
    public static LiveChanges Of(IReadOnlyList<LiveChange> changes, int began, IReadOnlyCollection<CallRow> up, int most)
    {
        var kinds = changes.ToLookup(c => c.Kind, c => c.Row);
        var ended = kinds[LiveKind.Ended].OrderByDescending(row => row.EndedAt).ToList();
        return new LiveChanges(
            Newest(LiveKind.Started), Newest(LiveKind.Updated), ended.Take(most).Select(row => new ListedCall(row)), ended.Skip(most).Select(row => row.CallId),
            kinds.Sum(kind => Math.Max(0, kind.Count() - most)), up.Count, began,
            Counts(ended, row => row.Flow ?? ""), Counts(ended, row => WireName.Of(row.Outcome) ?? ""), Counts(up, row => row.Trunk));

        IEnumerable<ListedCall> Newest(LiveKind kind) => kinds[kind].OrderByDescending(row => row.StartedAt).Take(most).Select(row => new ListedCall(row));
    }

    private static IReadOnlyDictionary<string, int> Counts(IReadOnlyCollection<CallRow> rows, Func<CallRow, string> name) => rows.CountBy(name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
}
