namespace EventCalls.Testing.Sip;

/// <summary>The clock of a <see cref="VirtualNetwork"/> as a <see cref="TimeProvider"/>: it begins at noon of a day in 2026.</summary>
public sealed class VirtualTime(VirtualNetwork network) : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc />
    public override long TimestampFrequency => 1000;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => s_start.AddMilliseconds(network.Now);

    /// <inheritdoc />
    public override long GetTimestamp() => network.Now;
}
