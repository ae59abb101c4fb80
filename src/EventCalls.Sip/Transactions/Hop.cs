using System.Net;
using System.Text;

namespace EventCalls.Sip.Transactions;

/// <summary>Where a message came from, or goes to next: the protocol, our end point and theirs.</summary>
/// <remarks>A transport keeps one object per remote end point or connection. The bytes of our Via and Contact are made once, here.</remarks>
public sealed class Hop
{
    /// <summary>
    /// A hop; <paramref name="local"/> is the end point a peer can reach us at, <paramref name="advertisedHost"/> and <paramref name="advertisedPort"/>
    /// replace its address and port in Via and Contact.
    /// </summary>
    public Hop(TransportProtocol protocol, IPEndPoint local, IPEndPoint remote, string? advertisedHost = null, object? connection = null, int? advertisedPort = null)
    {
        Protocol = protocol;
        Local = local;
        Remote = remote;
        Connection = connection;
        RemoteAddress = remote.Serialize();
        bool isAddress = IPAddress.TryParse(advertisedHost, out var advertised);
        SessionAddress = isAddress ? advertised! : Plain(local.Address);
        var host = advertisedHost is null || isAddress ? HostText(SessionAddress) : advertisedHost;
        int port = advertisedPort ?? local.Port;
        ViaPrefix = Encoding.ASCII.GetBytes($"Via: SIP/2.0/{protocol.ViaName()} {host}:{port};rport;branch=");
        ContactUri = $"sip:{host}:{port}{protocol.UriParameter()}";
        ContactLine = Encoding.ASCII.GetBytes($"Contact: <{ContactUri}>\r\n");
        SecureContactLine = protocol.IsSecure() ? Encoding.ASCII.GetBytes($"Contact: <sips:{host}:{port}{(protocol.IsWebSocket() ? protocol.UriParameter() : "")}>\r\n") : ContactLine;
        LocalHost = host;
        RemoteHost = HostText(remote.Address);
        ReceivedBytes = Encoding.ASCII.GetBytes(Plain(remote.Address).ToString());
    }

    /// <summary>The protocol.</summary>
    public TransportProtocol Protocol { get; }

    /// <summary>Our end point.</summary>
    public IPEndPoint Local { get; }

    /// <summary>Theirs.</summary>
    public IPEndPoint Remote { get; }

    /// <summary>The host name the remote end point was reached by, which its certificate is to bear; null when it was an address, or the peer connected to us.</summary>
    public string? RemoteName { get; init; }

    /// <summary>The names by which callers are told apart that the peer's certificate bears, before its first message; empty where it showed none.</summary>
    public IReadOnlyList<string> ProvenNames { get; internal set; } = [];

    /// <summary>Whether it leads to another shard of this node: what comes by it is ours, and nobody else is reached by it.</summary>
    public bool IsInside { get; init; }

    /// <summary>Whether what is sent arrives or the hop fails: no retransmissions then.</summary>
    public bool IsReliable => Protocol != TransportProtocol.Udp;

    /// <summary>Whether the connection is gone for good; set by the transport.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Why, for people; null while it is open, and where nobody knows.</summary>
    public string? WhyClosed { get; set; }

    /// <summary>When a peer that is reached by datagrams took no connection for a large request, on the shard's clock; null for never.</summary>
    internal long? StreamFailedAt { get; set; }

    /// <summary>Our host as written in Via and Contact.</summary>
    public string LocalHost { get; }

    /// <summary>Their address as written in URIs (IPv6 in brackets).</summary>
    public string RemoteHost { get; }

    /// <summary>Our Contact URI on this hop.</summary>
    public string ContactUri { get; }

    /// <summary>The address to write for us in session descriptions.</summary>
    public IPAddress SessionAddress { get; }

    /// <summary>Their address as <c>received</c> says it: an IPv6 address without brackets (RFC 3261 §25.1, RFC 5118 §4.5).</summary>
    internal byte[] ReceivedBytes { get; }

    internal byte[] ViaPrefix { get; }

    internal byte[] ContactLine { get; }

    /// <summary>Our Contact where the dialog was asked for with a sips URI (RFC 3261 §12.1.1, RFC 5630 §4).</summary>
    internal byte[] SecureContactLine { get; }

    /// <summary>The remote end point in the form sockets take.</summary>
    internal SocketAddress RemoteAddress { get; }

    /// <summary>What the transport needs to find the connection; its own affair.</summary>
    internal object? Connection { get; set; }

    /// <inheritdoc />
    public override string ToString() => $"{Protocol.Name()}:{Remote}";

    private static string HostText(IPAddress address)
    {
        address = Plain(address);
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
    }

    /// <summary>The address as messages can carry it: IPv4 as such, and without the number of an interface, which means nothing elsewhere.</summary>
    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
    }
}
