namespace EventCalls.Sip.Transactions;

/// <summary>How a transport is called: in Via, in URIs, and in settings.</summary>
public static class TransportNames
{
    /// <summary>The port where a URI or setting names none (RFC 3261 §19.1.2).</summary>
    public static int DefaultPort(this TransportProtocol protocol) => protocol == TransportProtocol.Tls ? 5061 : 5060;

    /// <summary>As settings, events and logs name it: <c>udp</c>, <c>tcp</c> or <c>tls</c>.</summary>
    public static string Name(this TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Udp => "udp",
        TransportProtocol.Tcp => "tcp",
        _ => "tls",
    };

    /// <summary>As Via names it: <c>UDP</c>, <c>TCP</c> or <c>TLS</c> (RFC 3261 §25.1).</summary>
    public static string ViaName(this TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Udp => "UDP",
        TransportProtocol.Tcp => "TCP",
        _ => "TLS",
    };

    /// <summary>What a sip URI that asks for it ends with; nothing for datagrams, which is what a URI means without.</summary>
    public static string UriParameter(this TransportProtocol protocol) => protocol == TransportProtocol.Udp ? "" : $";transport={protocol.Name()}";

    /// <summary>Reads the name, in any case; false when it is none that is served.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out TransportProtocol protocol)
    {
        protocol = default;
        if (System.Text.Ascii.EqualsIgnoreCase(name, "udp"u8))
            return true;
        protocol = System.Text.Ascii.EqualsIgnoreCase(name, "tcp"u8) ? TransportProtocol.Tcp : TransportProtocol.Tls;
        return protocol == TransportProtocol.Tcp || System.Text.Ascii.EqualsIgnoreCase(name, "tls"u8);
    }
}
