using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Does a piece of work until the store can be reached: nothing is lost, nothing is given up.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest, TimeProvider clock, ILogger logger)
{
    /// <summary>The same, for work that two may end: whoever delivered it, and the process that stops.</summary>
    public async Task<T> UntilReachableAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        return await UntilReachableAsync(work, either.Token);
    }

    public async Task<T> UntilReachableAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var delay = first;
        var problem = "";
        for (int failures = 0; ; failures++)
        {
            try
            {
                var result = await work(cancellationToken);
                if (failures > 0)
                    logger.LogInformation("The event store can be used again, after {Failures} failed attempts.", failures);
                return result;
            }
            catch (StoreUnreachableException e)
            {
                // Each new reason is said, and one that lasts is said once.
                if (e.Message != problem)
                    logger.LogWarning("{Problem} The recorder waits and tries again; events stay on the bus meanwhile.", e.Message);
                problem = e.Message;
                await Task.Delay(delay, clock, cancellationToken);
                delay = delay * 2 < longest ? delay * 2 : longest;
            }
        }
    }
}
