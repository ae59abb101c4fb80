using System.Net;
using System.Text;

namespace EventCalls.Sip.Transactions;

/// <summary>Where a message came from, or goes to next: the protocol, our end point and theirs.</summary>
/// <remarks>A transport keeps one object per remote end point or connection. The bytes of our Via and Contact are made once, here.</remarks>
public sealed class Hop
{
    /// <summary>A hop; <paramref name="local"/> is the end point a peer can reach us at, <paramref name="advertisedHost"/> replaces its address in Via and Contact.</summary>
    public Hop(TransportProtocol protocol, IPEndPoint local, IPEndPoint remote, string? advertisedHost = null, object? connection = null)
    {
        Protocol = protocol;
        Local = local;
        Remote = remote;
        Connection = connection;
        RemoteAddress = remote.Serialize();
        var host = advertisedHost ?? HostText(local.Address);
        var name = protocol == TransportProtocol.Udp ? "UDP" : "TCP";
        ViaPrefix = Encoding.ASCII.GetBytes($"Via: SIP/2.0/{name} {host}:{local.Port};rport;branch=");
        ContactUri = protocol == TransportProtocol.Udp ? $"sip:{host}:{local.Port}" : $"sip:{host}:{local.Port};transport=tcp";
        ContactLine = Encoding.ASCII.GetBytes($"Contact: <{ContactUri}>\r\n");
        LocalHost = host;
        RemoteHost = HostText(remote.Address);
        RemoteHostBytes = Encoding.ASCII.GetBytes(RemoteHost);
    }

    /// <summary>The protocol.</summary>
    public TransportProtocol Protocol { get; }

    /// <summary>Our end point.</summary>
    public IPEndPoint Local { get; }

    /// <summary>Theirs.</summary>
    public IPEndPoint Remote { get; }

    /// <summary>Whether what is sent arrives or the hop fails: no retransmissions then.</summary>
    public bool IsReliable => Protocol != TransportProtocol.Udp;

    /// <summary>Whether the connection is gone for good; set by the transport.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Our host as written in Via and Contact.</summary>
    public string LocalHost { get; }

    /// <summary>Their address as written in URIs (IPv6 in brackets).</summary>
    public string RemoteHost { get; }

    /// <summary>Our Contact URI on this hop.</summary>
    public string ContactUri { get; }

    internal byte[] RemoteHostBytes { get; }

    internal byte[] ViaPrefix { get; }

    internal byte[] ContactLine { get; }

    /// <summary>The remote end point in the form sockets take.</summary>
    internal SocketAddress RemoteAddress { get; }

    /// <summary>What the transport needs to find the connection; its own affair.</summary>
    internal object? Connection { get; set; }

    /// <inheritdoc />
    public override string ToString() => $"{(Protocol == TransportProtocol.Udp ? "udp" : "tcp")}:{Remote}";

    private static string HostText(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
    }
}
