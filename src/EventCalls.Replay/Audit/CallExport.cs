using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Audit;

/// <summary>Writes calls with their events, the oldest first, as they are read: memory does not grow with their number.</summary>
public static class CallExport
{
    /// <summary>Writes one JSON object a line for each call; gives how many there were.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="query">Which calls.</param>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="progress">Told after each call how many there were.</param>
    /// <param name="ct">Ends the writing between two calls.</param>
    /// <exception cref="StoreUnreachableException">The store cannot be read.</exception>
    public static async Task<long> WriteAsync(ICallStore store, CallQuery query, TextWriter output, Action<long> progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(progress);
        var lines = new JsonLines(output);
        long count = 0;
        await foreach (var call in store.ReadCallsAsync(query, ct).ConfigureAwait(false))
        {
            ct.ThrowIfCancellationRequested();
            lines.Write(new ExportedCall(new ListedCall(call.Call), ListedEvent.Of(call.Events)), AuditJson.Default.ExportedCall);
            progress(++count);
        }
        return count;
    }
}
