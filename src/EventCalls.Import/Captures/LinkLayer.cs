using System.Buffers.Binary;

namespace EventCalls.Import.Captures;

/// <summary>Finds the IP packet behind what a link puts before it.</summary>
internal static class LinkLayer
{
    private const int NflogPayload = 9;

    /// <summary>The name of a LINKTYPE_ value that one may come across; null for others.</summary>
    public static string? NameOf(int linkType) => linkType switch
    {
        105 or 119 or 127 or 163 => "802.11 wireless",
        187 or 201 or 255 or 256 => "Bluetooth",
        189 or 220 or 249 => "USB",
        195 or 215 or 230 => "802.15.4 wireless",
        140 or 141 or 142 => "SS7",
        177 => "LAPD",
        251 => "Bluetooth LE",
        253 => "netlink",
        >= 147 and <= 162 => "a user-defined form",
        252 => "exported PDUs",
        265 => "Windows events",
        _ => null,
    };

    /// <summary>The IP packet; empty when the frame carries something else, or is too short.</summary>
    public static ReadOnlyMemory<byte> Strip(int linkType, ReadOnlyMemory<byte> frame, ref Opening opening) => linkType switch
    {
        // The address family comes in the byte order and numbering of whoever captured; the packet itself says what it is.
        0 or 108 => From(frame, 4),
        1 => EtherLayer.OfFrame(frame, ref opening),
        9 or 50 => EtherLayer.OfPpp(frame, ref opening),
        51 => EtherLayer.OfType(0x8864, frame, ref opening),
        // Cisco's HDLC: an address, a control byte, an EtherType; 205 and 204 have a byte before that says which way.
        104 => OfHdlc(frame, ref opening),
        205 => OfHdlc(From(frame, 1), ref opening),
        204 => EtherLayer.OfPpp(From(frame, 1), ref opening),
        109 => From(frame, 12),
        113 => frame.Length < 16 ? default : EtherLayer.OfType(Short(frame, 14), frame[16..], ref opening),
        117 => frame.IsEmpty ? default : From(frame, (frame.Span[0] + 3) & ~3),
        192 => OfPpi(frame, ref opening),
        219 => EtherLayer.OfMpls(frame, ref opening),
        239 => OfNflog(frame),
        276 => frame.Length < 20 ? default : EtherLayer.OfType(Short(frame, 0), frame[20..], ref opening),
        12 or 14 or 101 or 228 or 229 => frame,
        _ => opening.Stop(UnreadKind.LinkType, linkType),
    };

    private static ReadOnlyMemory<byte> OfHdlc(ReadOnlyMemory<byte> frame, ref Opening opening) =>
        frame.Length > 4 ? EtherLayer.OfType(Short(frame, 2), frame[4..], ref opening) : default;

    // A header of its own that says its length, and another link type behind it.
    private static ReadOnlyMemory<byte> OfPpi(ReadOnlyMemory<byte> frame, ref Opening opening)
    {
        if (frame.Length < 8)
            return default;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(frame.Span[2..]);
        uint inner = BinaryPrimitives.ReadUInt32LittleEndian(frame.Span[4..]);
        return length >= 8 && length < frame.Length && inner != 192 ? Strip((int)Math.Min(inner, int.MaxValue), frame[length..], ref opening) : default;
    }

    // Linux' log of packets: fields with their lengths in the byte order of the machine, one of them the packet.
    private static ReadOnlyMemory<byte> OfNflog(ReadOnlyMemory<byte> frame)
    {
        for (var rest = From(frame, 4); rest.Length > 4;)
        {
            var head = rest.Span;
            // Lengths of fields are small, so the byte that is zero says which order it is; the packet comes last.
            bool isBigEndian = head[2] == 0 && head[3] != 0;
            int length = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(head) : BinaryPrimitives.ReadUInt16LittleEndian(head);
            int type = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(head[2..]) : BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);
            if (length < 4)
                return default;
            if (type == NflogPayload)
                return rest[4..Math.Min(length, rest.Length)];
            rest = From(rest, (length + 3) & ~3);
        }
        return default;
    }

    private static ReadOnlyMemory<byte> From(ReadOnlyMemory<byte> frame, int at) => frame.Length > at ? frame[at..] : default;

    private static int Short(ReadOnlyMemory<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[at..]);
}
