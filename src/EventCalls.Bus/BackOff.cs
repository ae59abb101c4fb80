namespace EventCalls.Bus;

/// <summary>Waiting times that double from 50 ms to 5 s, spread by a fifth so that processes do not knock together.</summary>
internal sealed class BackOff
{
    private const double FirstMs = 50;
    private const double LastMs = 5000;

    private double _ms = FirstMs;

    /// <summary>The next time to wait.</summary>
    public TimeSpan Next()
    {
        double ms = _ms * (0.8 + 0.4 * Random.Shared.NextDouble());
        _ms = Math.Min(_ms * 2, LastMs);
        return TimeSpan.FromMilliseconds(ms);
    }
}
