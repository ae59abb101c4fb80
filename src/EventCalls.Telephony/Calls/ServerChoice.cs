using EventCalls.Sip;
using EventCalls.Sip.Resolving;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <summary>In which order a call tries the places of an endpoint and the servers of a name: by their shares, and what failed lately or is down last. Safe from any thread.</summary>
internal sealed class ServerChoice(TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();

    /// <summary>What is known of servers.</summary>
    public ServerStates States { get; } = new();

    private long Now => (long)time.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>The places of an endpoint; nothing is made where they are to be tried as they are configured.</summary>
    public IReadOnlyList<OutboundAddress> Of(Trunk trunk, HostResolver resolver, RandomSource random)
    {
        var addresses = trunk.HasShares ? trunk.InOrder(random) : trunk.Addresses;
        return States.IsAny && addresses.Count > 1 ? Ordered(addresses, resolver) : addresses;
    }

    /// <summary>The servers of a name.</summary>
    public IEnumerable<ServerAddress> Of(FoundServers found, RandomSource random)
    {
        var servers = found.InOrder(random);
        return States.IsAny ? States.Order(servers, s => States.IsSetBack(s, Now)) : servers;
    }

    /// <summary>A call to the server failed.</summary>
    /// <param name="server">The server.</param>
    /// <param name="retryAfterSeconds">For how long it is not to be asked, as it says; null when it says nothing.</param>
    public void Failed(ServerAddress server, int? retryAfterSeconds = null) => States.Failed(server, Now, retryAfterSeconds * 1000L);

    /// <summary>The server answered a call.</summary>
    public void Answered(ServerAddress server) => States.Answered(server);

    // Apart, so that what the lambda holds is made only where something has failed.
    private IReadOnlyList<OutboundAddress> Ordered(IReadOnlyList<OutboundAddress> addresses, HostResolver resolver) =>
        States.Order(addresses, a => IsSetBack(a, resolver));

    // A name is set back when all its servers are, as far as they are known without asking.
    private bool IsSetBack(OutboundAddress address, HostResolver resolver) =>
        address.EndPoint is { } endPoint
            ? States.IsSetBack(new ServerAddress(address.Protocol, endPoint), Now)
            : resolver.TryFind(address.Query!) is { WhyNone: null } found && found.All.All(s => States.IsSetBack(s, Now));
}
