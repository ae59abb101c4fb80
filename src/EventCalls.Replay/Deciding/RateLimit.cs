namespace EventCalls.Replay.Deciding;

/// <summary>Lets so many through in a second, evenly; what was not used is not made up for. Safe from any thread.</summary>
internal sealed class RateLimit(double perSecond, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly double _ticksEach = time.TimestampFrequency / perSecond;
    private double _next = time.GetTimestamp();

    /// <summary>Completes when it is the caller's turn.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        double wait;
        lock (_gate)
        {
            double now = time.GetTimestamp();
            double turn = Math.Max(_next, now);
            _next = turn + _ticksEach;
            wait = turn - now;
        }

        var delay = TimeSpan.FromSeconds(wait / time.TimestampFrequency);
        return delay < TimeSpan.FromMilliseconds(1) ? Task.CompletedTask : Task.Delay(delay, time, cancellationToken);
    }
}
