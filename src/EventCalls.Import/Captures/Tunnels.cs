using System.Buffers.Binary;

namespace EventCalls.Import.Captures;

/// <summary>Finds the IP packet in a packet that carries another: GRE and ERSPAN, IP in IP, MPLS, L2TP, VXLAN, GENEVE, GTP-U, TZSP.</summary>
internal static class Tunnels
{
    /// <summary>The IP packet in the payload of an IP protocol; empty when there is none.</summary>
    public static ReadOnlyMemory<byte> OfProtocol(byte protocol, ReadOnlyMemory<byte> payload, ref Opening opening)
    {
        switch (protocol)
        {
            case 4 or 41 or 94:
                return payload;
            case 47:
                return OfGre(payload, ref opening);
            case 50:
                return opening.Stop(UnreadKind.Ipsec);
            case 97:
                // EtherIP (RFC 3378).
                return EtherLayer.OfFrame(From(payload, 2), ref opening);
            case 115:
                return OfL2tp3(payload, protocol, ref opening);
            case 137:
                return EtherLayer.OfMpls(payload, ref opening);
            case 143:
                return EtherLayer.OfFrame(payload, ref opening);
            // A report of an error quotes the packet that it is about, and that was captured itself.
            case 1 or 58:
                return default;
            default:
                return opening.Stop(UnreadKind.IpProtocol, protocol);
        }
    }

    /// <summary>The IP packet in a UDP datagram to or from the port of a tunnel; empty when there is none.</summary>
    public static ReadOnlyMemory<byte> OfDatagram(int source, int destination, ReadOnlyMemory<byte> payload, ref Opening opening)
    {
        var inner = OfPort(destination, payload, ref opening);
        if (inner.IsEmpty && source != destination)
            inner = OfPort(source, payload, ref opening);
        if (inner.IsEmpty && opening.What.Kind == UnreadKind.None)
            opening.Stop(UnreadKind.UdpPort, destination);
        return inner;
    }

    private static ReadOnlyMemory<byte> OfPort(int port, ReadOnlyMemory<byte> payload, ref Opening opening) => port switch
    {
        1701 => OfL2tp(payload, ref opening),
        2152 => OfGtp(payload, ref opening),
        3544 => OfTeredo(payload),
        4500 => OfNatTraversal(payload, ref opening),
        4754 => OfGre(payload, ref opening),
        4789 or 8472 or 4790 => OfVxlan(payload, port == 4790, ref opening),
        6081 => OfGeneve(payload, ref opening),
        6635 => EtherLayer.OfMpls(payload, ref opening),
        37008 => OfTzsp(payload, ref opening),
        _ => default,
    };

    // RFC 2784, RFC 2890; version 1 is that of PPTP (RFC 2637).
    private static ReadOnlyMemory<byte> OfGre(ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        if (bytes.Length < 4)
            return default;
        int flags = Short(bytes, 0);
        int type = Short(bytes, 2);
        bool hasSequence = (flags & 0x1000) != 0;
        switch (flags & 7)
        {
            case 0 when (flags & 0x4000) == 0:
                bytes = From(bytes, 4 + ((flags & 0x8000) != 0 ? 4 : 0) + ((flags & 0x2000) != 0 ? 4 : 0) + (hasSequence ? 4 : 0));
                break;
            case 1 when type == 0x880B:
                return EtherLayer.OfPpp(From(bytes, 8 + (hasSequence ? 4 : 0) + ((flags & 0x0080) != 0 ? 4 : 0)), ref opening);
            default:
                return opening.Stop(UnreadKind.IpProtocol, 47);
        }
        return type switch
        {
            0x880B => EtherLayer.OfPpp(bytes, ref opening),
            // ERSPAN: type I has neither sequence number nor header, type II both.
            0x88BE => EtherLayer.OfFrame(hasSequence ? From(bytes, 8) : bytes, ref opening),
            // Type III: twelve bytes, of which the last bit says that eight more follow.
            0x22EB => bytes.Length < 12 ? default : EtherLayer.OfFrame(From(bytes, (bytes.Span[11] & 1) != 0 ? 20 : 12), ref opening),
            _ => EtherLayer.OfType(type, bytes, ref opening),
        };
    }

    // RFC 7348; the generic protocol extension says what follows.
    private static ReadOnlyMemory<byte> OfVxlan(ReadOnlyMemory<byte> bytes, bool isGeneric, ref Opening opening)
    {
        if (bytes.Length <= 8 || (bytes.Span[0] & 0x08) == 0)
            return default;
        return isGeneric || (bytes.Span[0] & 0x04) != 0
            ? EtherLayer.OfNextProtocol(bytes.Span[3], bytes[8..], ref opening)
            : EtherLayer.OfFrame(bytes[8..], ref opening);
    }

    // RFC 8926.
    private static ReadOnlyMemory<byte> OfGeneve(ReadOnlyMemory<byte> bytes, ref Opening opening) =>
        bytes.Length > 8 && bytes.Span[0] >> 6 == 0 ? EtherLayer.OfType(Short(bytes, 2), From(bytes, 8 + ((bytes.Span[0] & 0x3F) * 4)), ref opening) : default;

    // 3GPP TS 29.281 §5: a G-PDU of version 1, perhaps with extension headers.
    private static ReadOnlyMemory<byte> OfGtp(ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        if (bytes.Length <= 8 || (bytes.Span[0] & 0xF0) != 0x30 || bytes.Span[1] != 0xFF)
            return default;
        int flags = bytes.Span[0] & 7;
        int at = 8;
        if (flags != 0)
        {
            if (bytes.Length < 12)
                return default;
            byte next = (flags & 4) != 0 ? bytes.Span[11] : (byte)0;
            at = 12;
            while (next != 0)
            {
                int length = at < bytes.Length ? bytes.Span[at] * 4 : 0;
                if (length == 0 || at + length > bytes.Length)
                    return default;
                next = bytes.Span[at + length - 1];
                at += length;
            }
        }
        var inner = From(bytes, at);
        return !inner.IsEmpty && inner.Span[0] >> 4 is not (4 or 6) && EtherLayer.LooksLikeFrame(inner.Span) ? EtherLayer.OfFrame(inner, ref opening) : inner;
    }

    // A version, a type, what is packed in, and tags up to the one that ends them.
    private static ReadOnlyMemory<byte> OfTzsp(ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        if (bytes.Length < 5 || bytes.Span[0] != 1)
            return default;
        int packed = Short(bytes, 2);
        int at = 4;
        while (at < bytes.Length)
        {
            byte tag = bytes.Span[at++];
            if (tag == 1)
                return packed == 1 ? EtherLayer.OfFrame(From(bytes, at), ref opening) : opening.Stop(UnreadKind.Wireless);
            if (tag != 0)
                at += at < bytes.Length ? 1 + bytes.Span[at] : 1;
        }
        return default;
    }

    // RFC 2661 §3.1: data of version 2 is PPP; version 3 is RFC 3931.
    private static ReadOnlyMemory<byte> OfL2tp(ReadOnlyMemory<byte> bytes, ref Opening opening)
    {
        if (bytes.Length < 6)
            return default;
        int flags = Short(bytes, 0);
        if ((flags & 0x8000) != 0)
            return default;
        if ((flags & 0x0F) == 3)
            return OfL2tp3(From(bytes, 4), 115, ref opening);
        if ((flags & 0x0F) != 2)
            return default;
        int at = 6 + ((flags & 0x4000) != 0 ? 2 : 0) + ((flags & 0x0800) != 0 ? 4 : 0);
        if ((flags & 0x0200) != 0)
            at += bytes.Length >= at + 2 ? 2 + Short(bytes, at) : bytes.Length;
        return EtherLayer.OfPpp(From(bytes, at), ref opening);
    }

    // How long the cookie is, and whether a sublayer follows, only the two ends know: what it looks like says it.
    private static ReadOnlyMemory<byte> OfL2tp3(ReadOnlyMemory<byte> bytes, int protocol, ref Opening opening)
    {
        // Session 0 is the control channel.
        if (bytes.Length <= 4 || BinaryPrimitives.ReadUInt32BigEndian(bytes.Span) == 0)
            return default;
        for (int at = 4; at <= 16; at += 4)
        {
            var inner = From(bytes, at);
            if (EtherLayer.LooksLikeFrame(inner.Span))
                return EtherLayer.OfFrame(inner, ref opening);
            if (inner.Length > 4 && inner.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x03, 0x00]))
                return EtherLayer.OfPpp(inner, ref opening);
        }
        return opening.Stop(UnreadKind.IpProtocol, protocol);
    }

    // RFC 4380: perhaps with the sender's address before it.
    private static ReadOnlyMemory<byte> OfTeredo(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > 8 && Short(bytes, 0) == 0)
            bytes = bytes[8..];
        return bytes.Length >= 40 && bytes.Span[0] >> 4 == 6 ? bytes : default;
    }

    // RFC 3948: four zeros are the key exchange, a single byte keeps the mapping; all else is ESP.
    private static ReadOnlyMemory<byte> OfNatTraversal(ReadOnlyMemory<byte> bytes, ref Opening opening) =>
        bytes.Length > 8 && BinaryPrimitives.ReadUInt32BigEndian(bytes.Span) != 0 ? opening.Stop(UnreadKind.Ipsec) : default;

    private static ReadOnlyMemory<byte> From(ReadOnlyMemory<byte> bytes, int at) => bytes.Length > at ? bytes[at..] : default;

    private static int Short(ReadOnlyMemory<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[at..]);
}
