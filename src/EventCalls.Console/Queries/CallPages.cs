using EventCalls.Store;

namespace EventCalls.Console.Queries;

/// <summary>Finds calls a page at a time. A search that has to look into calls, by a header without an index, takes no longer than others: it stops after a while and says how far it came.</summary>
/// <param name="store">Where the calls are.</param>
/// <param name="time">The clock.</param>
internal sealed class CallPages(ICallStore store, TimeProvider time)
{
    // Each slice is twice as large as the one before, which all together took less than this: so a page is there after three times that, however fast calls are looked into.
    private const int FirstSlice = 250;
    private const int LargestSlice = 4_000;

    private static readonly TimeSpan s_enough = TimeSpan.FromMilliseconds(25);

    /// <summary>The next calls.</summary>
    /// <param name="query">Which, and from where on; its limit does not count.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<PageOfCalls> FindAsync(CallQuery query, int limit, CancellationToken cancellationToken)
    {
        var found = new List<CallRow>();
        long began = time.GetTimestamp();
        for (int slice = FirstSlice; ; slice = Math.Min(2 * slice, LargestSlice))
        {
            CallCursor? end = CallSearch.LooksIntoCalls(query, store) ? await EndAsync(query, slice, cancellationToken).ConfigureAwait(false) : null;
            // One more than asked for says whether there is a next page.
            found.AddRange(await store.SearchAsync(query with { Until = end, Limit = limit + 1 - found.Count }, cancellationToken).ConfigureAwait(false));
            if (found.Count > limit)
                return new PageOfCalls(found[..limit], CallCursor.Of(found[limit - 1]), null);
            if (end is null)
                return new PageOfCalls(found, null, null);
            if (time.GetElapsedTime(began) > s_enough)
                return new PageOfCalls(found, end, end.Value.StartedAt);
            query = query with { Behind = end };
        }
    }

    // The last call of a slice of those that the rest of the conditions leaves; null when it has all that are left.
    private async Task<CallCursor?> EndAsync(CallQuery query, int slice, CancellationToken cancellationToken)
    {
        var calls = await store.SearchAsync(query with { Headers = [], Limit = slice }, cancellationToken).ConfigureAwait(false);
        return calls.Count < slice ? null : CallCursor.Of(calls[^1]);
    }
}

/// <summary>A page of calls.</summary>
/// <param name="Calls">The calls, the newest first.</param>
/// <param name="Next">Where it goes on; null when there are no more.</param>
/// <param name="SearchedTo">Down to when it was looked, when there was not the time to look further; null when the page is full, or all were looked at.</param>
internal sealed record PageOfCalls(IReadOnlyList<CallRow> Calls, CallCursor? Next, DateTimeOffset? SearchedTo);
