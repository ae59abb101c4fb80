using System.Net;

namespace EventCalls.Telephony.Calls;

/// <summary>A call's question for a host name's addresses; the answer comes back on the shard's thread.</summary>
internal abstract class HostResolution(Call call) : CallWork
{
    /// <summary>What was found; set off the shard before this is posted.</summary>
    internal IPAddress[] Found { get; set; } = [];

    /// <summary>Called once with the addresses; none when the name has none, or nobody answered in time.</summary>
    protected abstract void OnResolved(IPAddress[] addresses);

    /// <summary>Gives the answer without a detour, on the shard's thread.</summary>
    internal void Answer(IPAddress[] addresses) => OnResolved(addresses);

    /// <inheritdoc />
    protected override Call Find() => call;

    /// <inheritdoc />
    protected override void Do(Call call) => OnResolved(Found);
}
