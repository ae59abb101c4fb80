using System.Buffers.Binary;

namespace EventCalls.Import.Captures;

/// <summary>Finds the IP packet in Ethernet frames and what they carry: VLAN tags, PPPoE, MPLS with pseudo-wires, provider bridges, service chains.</summary>
internal static class EtherLayer
{
    private const int MostTags = 8;
    private const int FrameHeader = 14;

    /// <summary>The IP packet of a frame that begins with its destination's address; empty when there is none.</summary>
    public static ReadOnlyMemory<byte> OfFrame(ReadOnlyMemory<byte> frame, ref Opening opening) =>
        frame.Length > FrameHeader && opening.TryEnter() ? OfType(Short(frame, 12), frame[FrameHeader..], ref opening) : default;

    /// <summary>The IP packet behind an EtherType.</summary>
    public static ReadOnlyMemory<byte> OfType(int type, ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        for (int tags = 0; tags < MostTags; tags++)
        {
            int tag = type switch
            {
                0x8100 or 0x88A8 or 0x9100 or 0x9200 => 4,
                // VN-Tag and E-Tag (802.1BR).
                0x8926 => 6,
                0x893F => 8,
                _ => 0,
            };
            if (tag == 0)
                return OfPlainType(type, bytes, ref opening);
            if (bytes.Length < tag)
                return default;
            type = Short(bytes, tag - 2);
            bytes = bytes[tag..];
        }
        return opening.Stop(UnreadKind.TooDeep);
    }

    /// <summary>The IP packet behind PPP, with or without its address and control fields (RFC 1661, RFC 1662).</summary>
    public static ReadOnlyMemory<byte> OfPpp(ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        if (bytes.Length > 2 && Short(bytes, 0) == 0xFF03)
            bytes = bytes[2..];
        if (bytes.Length < 3)
            return default;
        // The number's first byte may be left out where it is zero; the second is odd, the first is even.
        bool isShort = (bytes.Span[0] & 1) != 0;
        int protocol = isShort ? bytes.Span[0] : Short(bytes, 0);
        bytes = bytes[(isShort ? 1 : 2)..];
        return protocol switch
        {
            0x0021 or 0x0057 => bytes,
            0x0281 or 0x0283 => OfMpls(bytes, ref opening),
            // What negotiates the link carries nothing.
            >= 0x8000 => default,
            _ => opening.Stop(UnreadKind.PppProtocol, protocol),
        };
    }

    /// <summary>The IP packet behind MPLS labels, or in the Ethernet frame behind them, with or without a control word (RFC 3032, RFC 4448).</summary>
    public static ReadOnlyMemory<byte> OfMpls(ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        while (bytes.Length > 4)
        {
            bool isLast = (bytes.Span[2] & 1) != 0;
            bytes = bytes[4..];
            if (isLast)
                return OfPseudoWire(bytes, ref opening);
        }
        return default;
    }

    /// <summary>Whether the bytes look like a frame that carries IP.</summary>
    public static bool LooksLikeFrame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FrameHeader + 20)
            return false;
        int type = BinaryPrimitives.ReadUInt16BigEndian(bytes[12..]);
        byte first = bytes[FrameHeader];
        return type switch
        {
            0x0800 => first is >= 0x45 and <= 0x4F,
            0x86DD => first >> 4 == 6,
            0x8100 or 0x88A8 or 0x8864 or 0x8847 => true,
            _ => false,
        };
    }

    private static ReadOnlyMemory<byte> OfPlainType(int type, ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        var span = bytes.Span;
        switch (type)
        {
            case 0x0800 or 0x86DD:
                return bytes;
            case 0x8864:
                // PPPoE: six bytes, then PPP without address and control (RFC 2516).
                return bytes.Length > 6 ? OfPpp(bytes[6..], ref opening) : default;
            case 0x8847 or 0x8848:
                return OfMpls(bytes, ref opening);
            case 0x6558:
                return OfFrame(bytes, ref opening);
            case 0x88E7:
                // A provider's bridge: the tag of the service, then the customer's frame (802.1ah).
                return bytes.Length > 4 ? OfFrame(bytes[4..], ref opening) : default;
            case 0x894F:
                return OfServiceHeader(bytes, ref opening);
            case 0x88E5:
                return opening.Stop(UnreadKind.Macsec);
            // A length, and logical link control: with SNAP an EtherType follows (RFC 1042).
            case < 0x0600:
                return span.StartsWith((ReadOnlySpan<byte>)[0xAA, 0xAA, 3]) && bytes.Length > 8 ? OfType(Short(bytes, 6), bytes[8..], ref opening) : default;
            default:
                return opening.Stop(UnreadKind.EtherType, type);
        }
    }

    /// <summary>The IP packet behind a network service header (RFC 8300).</summary>
    public static ReadOnlyMemory<byte> OfServiceHeader(ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        if (bytes.Length < 8)
            return default;
        int length = (bytes.Span[1] & 0x3F) * 4;
        return length >= 8 && bytes.Length > length ? OfNextProtocol(bytes.Span[3], bytes[length..], ref opening) : default;
    }

    /// <summary>The IP packet behind a "next protocol" as service headers and VXLAN-GPE number it.</summary>
    public static ReadOnlyMemory<byte> OfNextProtocol(byte protocol, ReadOnlyMemory<byte> bytes, ref Opening opening) => protocol switch
    {
        1 or 2 => bytes,
        3 => OfFrame(bytes, ref opening),
        4 when opening.TryEnter() => OfServiceHeader(bytes, ref opening),
        5 => OfMpls(bytes, ref opening),
        _ => default,
    };

    // Nothing says what follows the labels: what it looks like does.
    private static ReadOnlyMemory<byte> OfPseudoWire(ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        if (bytes.IsEmpty)
            return default;
        bool beginsLikeIp = bytes.Span[0] >> 4 is 4 or 6;
        if (beginsLikeIp && IpPacket.TryParse(bytes, out var ip) && ip.Missing == 0)
            return bytes;
        if (LooksLikeFrame(bytes.Span))
            return OfFrame(bytes, ref opening);
        if (bytes.Length > 4 && bytes.Span[0] >> 4 == 0 && LooksLikeFrame(bytes.Span[4..]))
            return OfFrame(bytes[4..], ref opening);
        return beginsLikeIp ? bytes : opening.Stop(UnreadKind.EtherType, 0x8847);
    }

    private static int Short(ReadOnlyMemory<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[at..]);
}
