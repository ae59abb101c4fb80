using System.Text;
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

    /// <summary>As <see cref="WriteAsync"/>, to a file that gets its name when it is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task<long> ToFileAsync(ICallStore store, CallQuery query, string path, Action<long> progress, CancellationToken ct)
    {
        var target = new ExportFile(path);
        long count;
        await using (var writer = new StreamWriter(target.Open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            try
            {
                count = await WriteAsync(store, query, writer, progress, ct).ConfigureAwait(false);
            }
            catch
            {
                await writer.DisposeAsync().ConfigureAwait(false);
                target.Discard();
                throw;
            }
        }
        target.Finish();
        return count;
    }
}
