using System.Net;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Trunks;

/// <summary>Where an outbound request goes next: a transport, and a host that is an address or a name still to be resolved.</summary>
internal sealed class OutboundAddress
{
    private readonly bool _isSips;

    private OutboundAddress(TransportProtocol protocol, bool isSips, string uriHost, string host, IPAddress? address, int port, string hostPort, ServerQuery? query)
    {
        Query = query;
        Protocol = protocol;
        _isSips = isSips;
        UriHost = uriHost;
        Host = host;
        EndPoint = address is null ? null : new IPEndPoint(address, port);
        Port = port;
        HostPort = hostPort;
    }

    /// <summary>What its servers are found by (RFC 3263); null when <see cref="EndPoint"/> says where to send.</summary>
    public ServerQuery? Query { get; }

    /// <summary>The transport; with <see cref="Query"/> that may find another one.</summary>
    public TransportProtocol Protocol { get; }

    /// <summary>The host that the URI names, an IPv6 address without brackets.</summary>
    public string UriHost { get; }

    /// <summary>The host that is sent to, an IPv6 address without brackets: the URI's, or its <c>maddr</c>.</summary>
    public string Host { get; }

    /// <summary>The name that the peer's certificate is to bear; null when it is reached by its address.</summary>
    public string? Name => EndPoint is null ? Host : null;

    /// <summary>The port; 5060 when the URI gives none, 5061 with TLS.</summary>
    public int Port { get; }

    /// <summary>Where to send; null when <see cref="Host"/> is a name.</summary>
    public IPEndPoint? EndPoint { get; }

    /// <summary>Host and port as written in URIs, without a port when the URI gave none.</summary>
    public string HostPort { get; }

    /// <summary>The URI without a user.</summary>
    public string BareUri => _isSips ? $"sips:{HostPort}" : $"sip:{HostPort}{Protocol.UriParameter()}";

    /// <summary>The URI of a user (a number) there.</summary>
    public string UriOf(string user) => _isSips ? $"sips:{user}@{HostPort}{(Protocol.IsWebSocket() ? Protocol.UriParameter() : "")}" : $"sip:{user}@{HostPort}{Protocol.UriParameter()}";

    /// <summary>The URI of a dialled number there (RFC 3261 §19.1.6).</summary>
    public string UriOf(DialledNumber number) => number.NeedsUserPhone ? $"{UriOf(number.User)};user=phone" : UriOf(number.User);

    /// <summary>Reads a sip or sips URI; false with the reason when its scheme or transport is not served.</summary>
    public static bool TryParse(string text, out OutboundAddress? address, out string? whyNot)
    {
        address = null;
        Span<byte> bytes = stackalloc byte[512];
        if (!System.Text.Encoding.UTF8.TryGetBytes(text, bytes, out int length) || !SipUri.TryParse(bytes[..length], out var uri))
        {
            whyNot = "expected a SIP URI such as sip:192.0.2.1:5060;transport=udp";
            return false;
        }
        if (uri.Scheme is not (UriScheme.Sip or UriScheme.Sips))
        {
            whyNot = "expected the scheme sip: or sips:";
            return false;
        }
        var protocol = TransportProtocol.Udp;
        if (uri.TryGetParameter("transport"u8, out var transport) && !TransportNames.TryParse(transport, out protocol))
        {
            whyNot = "expected transport=udp, transport=tcp, transport=tls, transport=ws or transport=wss";
            return false;
        }
        bool isSips = uri.Scheme == UriScheme.Sips;
        bool isTransportGiven = !transport.IsEmpty;
        if (isSips && isTransportGiven && protocol == TransportProtocol.Udp)
        {
            whyNot = "expected no transport=udp, as sips: asks for TLS";
            return false;
        }
        if (isSips)
            protocol = protocol.Secured();
        if (uri.Port == 0)
        {
            whyNot = "expected a port from 1 to 65535";
            return false;
        }
        string host = SipText.Get(uri.Host);
        string written = uri.IsIPv6 ? $"[{host}]" : host;
        // maddr says where to send whatever the host says (RFC 3261 §19.1.1).
        string next = uri.TryGetParameter("maddr"u8, out var maddr) && !maddr.IsEmpty ? SipText.Get(maddr).Trim('[', ']') : host;
        if (!IPAddress.TryParse(next, out var ip) && (uri.IsIPv6 || !IsHostName(next)))
        {
            whyNot = $"'{next}' is neither an address nor a host name";
            return false;
        }
        int port = uri.Port < 0 ? protocol.DefaultPort() : uri.Port;
        var query = ip is null ? new ServerQuery(next.ToLowerInvariant(), uri.Port < 0 ? null : uri.Port, isTransportGiven ? protocol : null, isSips) : null;
        address = new OutboundAddress(protocol, isSips, host, next, ip, port, uri.Port < 0 ? written : $"{written}:{port}", query);
        whyNot = null;
        return true;
    }

    private static bool IsHostName(string text) => Uri.CheckHostName(text) == UriHostNameType.Dns;
}
