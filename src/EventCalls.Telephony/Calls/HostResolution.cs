using EventCalls.Sip.Resolving;

namespace EventCalls.Telephony.Calls;

/// <summary>A call's question for the servers of a host name; the answer comes back on the shard's thread.</summary>
internal abstract class HostResolution(Call call) : CallWork
{
    /// <summary>What was found; set off the shard before this is posted.</summary>
    internal FoundServers Found { get; set; } = null!;

    /// <summary>Called once with the servers; none when the name has none, or nobody answered in time.</summary>
    protected abstract void OnResolved(FoundServers found);

    /// <summary>Gives the answer without a detour, on the shard's thread.</summary>
    internal void Answer(FoundServers found) => OnResolved(found);

    /// <inheritdoc />
    protected override Call Find() => call;

    /// <inheritdoc />
    protected override void Do(Call call) => OnResolved(Found);
}
