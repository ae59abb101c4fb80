using System.Runtime.CompilerServices;
using EventCalls.Store;

namespace EventCalls.Marten.Reading;

/// <summary>Reads calls with their events page by page, the pages behind being on their way while one is worked on.</summary>
/// <remarks>
/// Where a page ends is known by its rows, which are a seventh of the work: the next one's are read beside the events of this one, by another connection.
/// So the server and the reader are busy at the same time, and on two of the server's cores.
/// </remarks>
/// <param name="rows">Reads the rows of a page.</param>
/// <param name="events">Reads the events of the rows.</param>
internal sealed class CallPages(
    Func<CallQuery, int, CancellationToken, Task<List<CallRow>>> rows, Func<List<CallRow>, CancellationToken, Task<CallHistory[]>> events)
{
    private const int CallsPerPage = 500;

    // Whose events are being read, the page that is worked on not counted.
    private const int PagesAhead = 2;

    /// <summary>All calls of the query, in the order of their rows.</summary>
    public async IAsyncEnumerable<CallHistory> ReadAsync(CallQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int left = query.Limit ?? int.MaxValue;
        var pages = new Queue<Task<CallHistory[]>>();
        var next = left > 0 ? rows(query, Math.Min(left, CallsPerPage), stop.Token) : null;
        try
        {
            await AskAheadAsync();
            while (pages.TryPeek(out var page))
            {
                var calls = await page;
                _ = pages.Dequeue();
                await AskAheadAsync();
                foreach (var call in calls)
                    yield return call;
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var reading in pages)
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next is not null)
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task AskAheadAsync()
        {
            while (next is not null && pages.Count < PagesAhead)
            {
                var found = await next;
                int size = Math.Min(left, CallsPerPage);
                left -= size;
                next = found.Count < size || left == 0 ? null : rows(query with { Behind = CallCursor.Of(found[^1]) }, Math.Min(left, CallsPerPage), stop.Token);
                if (found.Count > 0)
                    pages.Enqueue(events(found, stop.Token));
            }
        }
    }
}
