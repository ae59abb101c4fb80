using System.Net;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>Where to listen: a protocol, an address and a port; written <c>udp:127.0.0.1:5060</c>, IPv6 addresses in brackets.</summary>
public sealed record ListenPoint(TransportProtocol Protocol, IPEndPoint EndPoint)
{
    /// <summary>Reads <c>udp:ADDRESS:PORT</c> or <c>tcp:ADDRESS:PORT</c>; the port may be left out (5060) and 0 takes a free one.</summary>
    public static bool TryParse(string text, out ListenPoint? point)
    {
        point = null;
        int colon = text.IndexOf(':');
        if (colon < 0)
            return false;
        TransportProtocol protocol;
        switch (text[..colon].ToLowerInvariant())
        {
            case "udp": protocol = TransportProtocol.Udp; break;
            case "tcp": protocol = TransportProtocol.Tcp; break;
            default: return false;
        }
        var rest = text[(colon + 1)..];
        if (IPAddress.TryParse(rest, out var address) && (rest.StartsWith('[') ? rest.EndsWith(']') : true))
        {
            point = new ListenPoint(protocol, new IPEndPoint(address, 5060));
            return true;
        }
        if (!IPEndPoint.TryParse(rest, out var end))
            return false;
        point = new ListenPoint(protocol, end);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => $"{(Protocol == TransportProtocol.Udp ? "udp" : "tcp")}:{EndPoint}";
}
