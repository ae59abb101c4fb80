using Microsoft.Extensions.Logging;

namespace EventCalls.Store.Recording;

/// <summary>Waits for a store that is not there yet.</summary>
public static partial class StoreArrival
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>Brings the store's tables up to date, as soon as it can be used.</summary>
    public static async Task MigrateAsync(ICallStore store, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        for (var delay = s_first; ; delay = delay * 2 < s_longest ? delay * 2 : s_longest)
        {
            try
            {
                await store.MigrateAsync(cancellationToken);
                return;
            }
            catch (StoreUnreachableException e)
            {
                LogAway(logger, e.Message);
                await Task.Delay(delay, clock, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be used yet; trying again: {Problem}")]
    private static partial void LogAway(ILogger logger, string problem);
}
