using System.Net;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>What a listener tells its peers about where it is.</summary>
internal sealed class LocalAddress(ListenPoint point, IPEndPoint bound, ShardOptions options, SourceAddresses sources)
{
    /// <summary>The end point really listened on.</summary>
    public IPEndPoint Bound => bound;

    /// <summary>Whether it is all addresses, and so each peer is told the one that leads to it.</summary>
    public bool IsWildcard => point.IsWildcard;

    /// <summary>Whether a socket bound here can reach the remote address at all: what is bound to a loopback address stays on the machine.</summary>
    public bool Reaches(IPAddress remote) =>
        bound.AddressFamily == remote.AddressFamily && (!IPAddress.IsLoopback(bound.Address) || IPAddress.IsLoopback(remote));

    /// <summary>How well it suits to reach a remote address from, of several: 4 for the address that leads there, 1 for one that does not.</summary>
    public int RankTowards(IPAddress remote) => IsWildcard ? 3 : bound.Address.Equals(sources.Towards(remote)) ? 4 : Reaches(remote) ? 2 : 1;

    /// <summary>A hop to a peer; null when no address of ours leads there.</summary>
    public Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, object connection) =>
        AddressTowards(remote.Address) is { } address ? Hop(protocol, address, remote, connection) : null;

    /// <summary>A hop whose own address is known.</summary>
    public Hop Hop(TransportProtocol protocol, IPAddress local, IPEndPoint remote, object connection, string? name = null) =>
        new(protocol, new IPEndPoint(local, bound.Port), remote, point.AdvertisedHost ?? options.AdvertisedHost, connection, point.AdvertisedPort) { RemoteName = name };

    /// <summary>The address that packets to a remote one leave from; null when none does.</summary>
    public IPAddress? AddressTowards(IPAddress remote) => IsWildcard ? sources.Towards(remote) : bound.Address;
}
