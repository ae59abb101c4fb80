using EventCalls.Store;

namespace EventCalls.Console.Following;

/// <summary>Looks at a store for what is new, again and again; one that is away is waited for.</summary>
/// <param name="interval">From the beginning of one look to that of the next.</param>
/// <param name="again">How long it waits at least after a look that failed.</param>
/// <param name="time">The clock.</param>
internal sealed class StoreWatch(TimeSpan interval, TimeSpan again, TimeProvider time)
{
    /// <summary>Looks until it is cancelled, or nobody wants to know any more.</summary>
    /// <param name="look">Looks once; false to end.</param>
    /// <param name="away">Told why a look failed.</param>
    /// <param name="cancellationToken">Ends it; nothing is thrown.</param>
    public async Task RunAsync(Func<CancellationToken, Task<bool>> look, Action<string> away, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            // Before what is new is read: what comes meanwhile is not waited for a turn longer.
            var tick = Task.Delay(interval, time, cancellationToken);
            try
            {
                if (!await look(cancellationToken).ConfigureAwait(false))
                    return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (Exception e) when (e is StoreUnreachableException or DamagedEventException)
            {
                away(e.Message);
                if (again > interval)
                    tick = Task.Delay(again, time, cancellationToken);
            }
            await tick.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
