using System.Buffers.Binary;

namespace EventCalls.Host.Import.Captures;

/// <summary>Finds the IP packet behind what a link puts before it.</summary>
internal static class LinkLayer
{
    private const int MostTags = 8;

    /// <summary>Whether packets of that LINKTYPE_ value can be read.</summary>
    public static bool Knows(int linkType) => linkType is 0 or 1 or 12 or 14 or 101 or 108 or 113 or 228 or 229 or 276;

    /// <summary>The name of a LINKTYPE_ value that one may come across; null for others.</summary>
    public static string? NameOf(int linkType) => linkType switch
    {
        9 or 50 => "PPP",
        105 or 127 or 192 => "802.11 wireless",
        187 or 201 => "Bluetooth",
        189 or 220 or 249 => "USB",
        119 or 163 => "802.11 wireless",
        141 => "SS7 MTP2",
        147 or 252 => "a user-defined or exported form",
        _ => null,
    };

    /// <summary>The IP packet; empty when the frame carries something else, or is too short.</summary>
    public static ReadOnlyMemory<byte> Strip(int linkType, ReadOnlyMemory<byte> frame) => linkType switch
    {
        // The address family comes in the byte order and numbering of whoever captured; the packet itself says what it is.
        0 or 108 => From(frame, 4),
        1 => frame.Length < 14 ? default : OfType(frame, 12),
        113 => frame.Length < 16 ? default : OfType(frame, 14),
        276 => frame.Length < 20 ? default : OfType(frame, BinaryPrimitives.ReadUInt16BigEndian(frame.Span), 20),
        12 or 14 or 101 or 228 or 229 => frame,
        _ => default,
    };

    private static ReadOnlyMemory<byte> OfType(ReadOnlyMemory<byte> frame, int at) => OfType(frame, BinaryPrimitives.ReadUInt16BigEndian(frame.Span[at..]), at + 2);

    private static ReadOnlyMemory<byte> OfType(ReadOnlyMemory<byte> frame, int type, int at)
    {
        var bytes = frame.Span;
        for (int tags = 0; tags < MostTags; tags++)
        {
            switch (type)
            {
                case 0x0800 or 0x86DD:
                    return From(frame, at);
                case 0x8100 or 0x88A8 or 0x9100 or 0x9200:
                    if (bytes.Length < at + 4)
                        return default;
                    type = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
                    at += 4;
                    continue;
                case 0x8864:
                    // PPPoE: six bytes, then PPP's own number for the protocol (RFC 2516).
                    return bytes.Length >= at + 8 && BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 6)..]) is 0x0021 or 0x0057 ? From(frame, at + 8) : default;
                case 0x8847 or 0x8848:
                    // MPLS: labels up to the one that says it is the last (RFC 3032).
                    while (bytes.Length >= at + 4)
                    {
                        bool isLast = (bytes[at + 2] & 1) != 0;
                        at += 4;
                        if (isLast)
                            return From(frame, at);
                    }
                    return default;
                default:
                    return default;
            }
        }
        return default;
    }

    private static ReadOnlyMemory<byte> From(ReadOnlyMemory<byte> frame, int at) => frame.Length > at ? frame[at..] : default;
}
