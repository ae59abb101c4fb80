using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>Where to listen: a protocol, an address and a port, and what is told to peers in its place.</summary>
/// <remarks>
/// Written <c>udp:127.0.0.1:5060</c>, IPv6 addresses in brackets, and <c>udp:10.0.0.5:5060 advertise 203.0.113.5:5080</c> behind a translation of addresses.
/// On <c>0.0.0.0</c> or <c>[::]</c> peers are told the address their packets are answered from.
/// </remarks>
public sealed record ListenPoint(TransportProtocol Protocol, IPEndPoint EndPoint)
{
    private const string Advertise = " advertise ";

    /// <summary>The address or name to write in Via, Contact and From; null: the address itself.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>The port to write beside it; null: the port listened on.</summary>
    public int? AdvertisedPort { get; init; }

    /// <summary>Reads <c>udp:ADDRESS:PORT</c>, <c>tcp:</c>, <c>tls:</c>, <c>ws:</c> or <c>wss:ADDRESS:PORT</c>, with <c>advertise HOST[:PORT]</c> behind or without; the port may be left out (5060, with TLS 5061, 80 and 443 for WebSocket) and 0 takes a free one.</summary>
    public static bool TryParse(string text, out ListenPoint? point)
    {
        point = null;
        int advertise = text.IndexOf(Advertise, StringComparison.OrdinalIgnoreCase);
        var (host, port) = (default(string), default(int?));
        if (advertise >= 0)
        {
            if (!TryParseAdvertised(text[(advertise + Advertise.Length)..].Trim(), out host, out port))
                return false;
            text = text[..advertise].TrimEnd();
        }
        int colon = text.IndexOf(':');
        if (colon < 0)
            return false;
        Span<byte> name = stackalloc byte[4];
        if (!Encoding.ASCII.TryGetBytes(text.AsSpan(0, colon), name, out int length) || !TransportNames.TryParse(name[..length], out var protocol))
            return false;
        var rest = text[(colon + 1)..];
        if (!TryParseEndPoint(rest, protocol.DefaultPort(), out var end))
            return false;
        point = new ListenPoint(protocol, end!) { AdvertisedHost = host, AdvertisedPort = port };
        return true;
    }

    /// <summary>Whether all addresses of the machine are listened on.</summary>
    internal bool IsWildcard => IsAny(EndPoint.Address);

    /// <inheritdoc />
    public override string ToString() => $"{Protocol.Name()}:{EndPoint}";

    /// <summary>Whether an address names no machine: 0.0.0.0 or ::.</summary>
    internal static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool TryParseEndPoint(string text, int port, out IPEndPoint? end)
    {
        if (IPAddress.TryParse(text, out var address) && (!text.StartsWith('[') || text.EndsWith(']')))
        {
            end = new IPEndPoint(address, port);
            return true;
        }
        return IPEndPoint.TryParse(text, out end);
    }

    private static bool TryParseAdvertised(string text, out string? host, out int? port)
    {
        (host, port) = (text, null);
        // An address with a port behind its brackets is read as the address alone.
        if (!IPAddress.TryParse(text, out _) || (text.StartsWith('[') && !text.EndsWith(']')))
        {
            int colon = text.LastIndexOf(':');
            if (colon >= 0)
            {
                if (!ushort.TryParse(text.AsSpan(colon + 1), out ushort number) || number == 0)
                    return false;
                (host, port) = (text[..colon], number);
            }
        }
        host = host.Trim('[', ']');
        return IsAdvertisable(host);
    }

    /// <summary>Whether a host can be told to peers: an address of a machine, or a name.</summary>
    public static bool IsAdvertisable(string host) =>
        IPAddress.TryParse(host, out var address)
            ? !IsAny(address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || host.Count(c => c == '.') == 3)
            : Uri.CheckHostName(host) == UriHostNameType.Dns;
}
