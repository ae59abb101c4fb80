namespace EventCalls.Store.Spooling;

/// <summary>Waits for what a spool is to get rid of.</summary>
internal static class Quiet
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>Completes when nothing is left, when nothing was taken for a while, when the work has ended, or when the limit comes.</summary>
    public static async Task UntilAsync(Func<long> left, Task work, TimeSpan quiet, TimeProvider clock, CancellationToken limit)
    {
        long before = left();
        long since = clock.GetTimestamp();
        while (before > 0 && !limit.IsCancellationRequested && !work.IsCompleted && clock.GetElapsedTime(since) < quiet)
        {
            await Task.Delay(s_look, clock, CancellationToken.None).ConfigureAwait(false);
            long now = left();
            if (now != before)
                since = clock.GetTimestamp();
            before = now;
        }
    }
}
