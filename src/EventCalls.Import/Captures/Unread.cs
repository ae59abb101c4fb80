namespace EventCalls.Import.Captures;

/// <summary>Why a packet is not read.</summary>
internal enum UnreadKind
{
    /// <summary>There is nothing to say: what it carries is never SIP.</summary>
    None,

    /// <summary>A link type that is not known; the number is the LINKTYPE_ value.</summary>
    LinkType,

    /// <summary>An EtherType that is not known; the number is its own.</summary>
    EtherType,

    /// <summary>A protocol of PPP that is not known.</summary>
    PppProtocol,

    /// <summary>A protocol of IP that is not known.</summary>
    IpProtocol,

    /// <summary>A datagram of something else; the number is the destination's port.</summary>
    UdpPort,

    /// <summary>A TCP connection of something else; the number is the lower port.</summary>
    TcpPort,

    /// <summary>IPsec with encryption.</summary>
    Ipsec,

    /// <summary>MACsec with encryption.</summary>
    Macsec,

    /// <summary>TLS on the port of SIP.</summary>
    Tls,

    /// <summary>One packet in another in another, without end.</summary>
    TooDeep,

    /// <summary>A frame of a wireless network within another packet.</summary>
    Wireless,
}

/// <summary>What a packet that is not read is.</summary>
/// <param name="Kind">Of what kind.</param>
/// <param name="Number">The number of the protocol, type or port.</param>
internal readonly record struct Unread(UnreadKind Kind, int Number = 0)
{
    /// <summary>Whether it is named whatever its bytes look like: they are hidden, or cannot be told.</summary>
    public bool IsAlwaysNamed => Kind is UnreadKind.LinkType or UnreadKind.Ipsec or UnreadKind.Macsec or UnreadKind.Tls or UnreadKind.TooDeep or UnreadKind.Wireless;

    /// <summary>Says it, for people, behind a number of packets.</summary>
    public string Words => Kind switch
    {
        UnreadKind.LinkType => $"of link type {Number}{(LinkLayer.NameOf(Number) is { } name ? $" ({name})" : "")}, which cannot be read; Ethernet, Linux cooked, PPP, loopback and raw IP can",
        UnreadKind.EtherType => $"with SIP behind EtherType 0x{Number:X4}, which is not read",
        UnreadKind.PppProtocol => $"with SIP behind PPP protocol 0x{Number:X4}, which is not read",
        UnreadKind.IpProtocol => $"with SIP in IP protocol {Number}{(Number == 132 ? " (SCTP)" : "")}, which is not read",
        UnreadKind.UdpPort => $"to UDP port {Number} with SIP in something that is not read",
        UnreadKind.TcpPort => $"of TCP port {Number} with SIP in something that is not read, perhaps WebSocket",
        UnreadKind.Ipsec => "encrypted with IPsec (ESP): calls in them cannot be seen",
        UnreadKind.Macsec => "encrypted with MACsec: calls in them cannot be seen",
        UnreadKind.Tls => "of SIP over TLS (port 5061), which is encrypted: export the decrypted packets with Wireshark and import those",
        UnreadKind.TooDeep => $"with more than {Opening.Most} packed into one another, which are not read",
        UnreadKind.Wireless => "with frames of a wireless network, which are not read",
        _ => "that are not read",
    };
}

/// <summary>How deep a packet has been opened, and what in it could not be.</summary>
internal struct Opening
{
    /// <summary>So many wrappings are opened: more than any network has, and few enough for what was made to be endless.</summary>
    public const int Most = 16;

    private int _depth;

    /// <summary>What could not be opened; none when nothing is to be said.</summary>
    public Unread What { get; private set; }

    /// <summary>Goes one deeper; false when it is too deep.</summary>
    public bool TryEnter()
    {
        if (_depth++ < Most)
            return true;
        What = new Unread(UnreadKind.TooDeep);
        return false;
    }

    /// <summary>Notes what cannot be opened; gives nothing, which is what was found in it.</summary>
    public ReadOnlyMemory<byte> Stop(UnreadKind kind, int number = 0)
    {
        What = new Unread(kind, number);
        return default;
    }
}
