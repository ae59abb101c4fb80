using EventCalls.Replay.Audit;

namespace EventCalls.Console.Live;

/// <summary>The calls that are up.</summary>
/// <param name="Calls">The newest ones, as lists have them.</param>
/// <param name="Total">How many there are in all.</param>
internal sealed record LiveCalls(IEnumerable<ListedCall> Calls, long Total);

/// <summary>What changed in a moment: each call once, as it is now.</summary>
/// <param name="Started">Calls that began, and go on.</param>
/// <param name="Updated">Calls that go on otherwise.</param>
/// <param name="Ended">Calls that are over.</param>
/// <param name="LeftOut">How many more changed than are shown.</param>
internal sealed record LiveChanges(IEnumerable<ListedCall> Started, IEnumerable<ListedCall> Updated, IEnumerable<ListedCall> Ended, int LeftOut)
{
    public static LiveChanges Of(IReadOnlyList<LiveChange> changes, int most)
    {
        var shown = changes.Take(most).ToLookup(c => c.Kind, c => new ListedCall(c.Row));
        return new LiveChanges(shown[LiveKind.Started], shown[LiveKind.Updated], shown[LiveKind.Ended], Math.Max(0, changes.Count - most));
    }
}
