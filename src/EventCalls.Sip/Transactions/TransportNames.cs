using System.Text;

namespace EventCalls.Sip.Transactions;

/// <summary>What transports are called, and what is true of each.</summary>
public static class TransportNames
{
    private static readonly (TransportProtocol Protocol, string Name, string ViaName, string UriName, int Port)[] s_all =
    [
        (TransportProtocol.Udp, "udp", "UDP", "udp", 5060),
        (TransportProtocol.Tcp, "tcp", "TCP", "tcp", 5060),
        (TransportProtocol.Tls, "tls", "TLS", "tls", 5061),
        // A URI says ws of both; which one it is, is said by sips or by the connection (RFC 7118 §5.2).
        (TransportProtocol.Ws, "ws", "WS", "ws", 80),
        (TransportProtocol.Wss, "wss", "WSS", "ws", 443),
    ];

    /// <summary>The port where a URI or setting names none (RFC 3261 §19.1.2, RFC 7118 §5.4).</summary>
    public static int DefaultPort(this TransportProtocol protocol) => s_all[(int)protocol].Port;

    /// <summary>As settings, events and logs name it: <c>udp</c>, <c>tcp</c>, <c>tls</c>, <c>ws</c> or <c>wss</c>.</summary>
    public static string Name(this TransportProtocol protocol) => s_all[(int)protocol].Name;

    /// <summary>As Via names it: <c>UDP</c>, <c>TCP</c>, <c>TLS</c>, <c>WS</c> or <c>WSS</c> (RFC 3261 §25.1, RFC 7118 §5.2).</summary>
    public static string ViaName(this TransportProtocol protocol) => s_all[(int)protocol].ViaName;

    /// <summary>What a sip URI that asks for it ends with; nothing for datagrams, which is what a URI means without.</summary>
    public static string UriParameter(this TransportProtocol protocol) => protocol == TransportProtocol.Udp ? "" : $";transport={s_all[(int)protocol].UriName}";

    /// <summary>Whether it is encrypted, between peers whose certificates were looked at.</summary>
    public static bool IsSecure(this TransportProtocol protocol) => protocol is TransportProtocol.Tls or TransportProtocol.Wss;

    /// <summary>Whether messages are framed by WebSocket.</summary>
    public static bool IsWebSocket(this TransportProtocol protocol) => protocol is TransportProtocol.Ws or TransportProtocol.Wss;

    /// <summary>The encrypted transport that a sips URI asks for with it (RFC 3261 §26.2.2, RFC 5630 §3.1.4).</summary>
    public static TransportProtocol Secured(this TransportProtocol protocol) => protocol.IsWebSocket() ? TransportProtocol.Wss : TransportProtocol.Tls;

    /// <summary>Reads the name, in any case; false when it is none that is served.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out TransportProtocol protocol)
    {
        foreach (var known in s_all)
        {
            if (known.Name.Length == name.Length && Ascii.EqualsIgnoreCase(name, known.Name))
            {
                protocol = known.Protocol;
                return true;
            }
        }
        protocol = default;
        return false;
    }
}
