namespace EventCalls.Simulation.Network;

/// <summary>The virtual network's clock, which begins when the recorded call did.</summary>
internal sealed class VirtualClock(VirtualNetwork network, DateTimeOffset start) : TimeProvider
{
    /// <inheritdoc />
    public override long TimestampFrequency => 1000;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => start.AddMilliseconds(network.Now);

    /// <inheritdoc />
    public override long GetTimestamp() => network.Now;
}
