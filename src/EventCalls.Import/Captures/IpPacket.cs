using System.Buffers.Binary;

namespace EventCalls.Import.Captures;

/// <summary>An IP packet taken apart: RFC 791, and RFC 8200 with its extension headers.</summary>
internal readonly record struct IpPacket
{
    private const int MostExtensions = 16;

    /// <summary>From where.</summary>
    public required NetAddress Source { get; init; }

    /// <summary>To where.</summary>
    public required NetAddress Destination { get; init; }

    /// <summary>The protocol of the payload: 6 for TCP, 17 for UDP.</summary>
    public required byte Protocol { get; init; }

    /// <summary>What it carries; of a fragment, that fragment.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether it is one of several fragments.</summary>
    public bool IsFragment => FragmentOffset > 0 || HasMoreFragments;

    /// <summary>Where in the whole payload the fragment belongs, bytes.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>Whether another fragment follows.</summary>
    public bool HasMoreFragments { get; init; }

    /// <summary>What the fragments of a packet have in common.</summary>
    public uint FragmentId { get; init; }

    /// <summary>How many bytes at the end were sent and not captured.</summary>
    public int Missing { get; init; }

    /// <summary>Whether less was captured than was sent, of it or of one of its fragments.</summary>
    public bool IsCut => Missing > 0 || IsPatched;

    /// <summary>Whether zeros stand where bytes were not captured.</summary>
    public bool IsPatched { get; init; }

    /// <summary>The same with zeros for what was not captured, so that a fragment has its length.</summary>
    public IpPacket Patched()
    {
        var whole = new byte[Payload.Length + Missing];
        Payload.Span.CopyTo(whole);
        return this with { Payload = whole, Missing = 0, IsPatched = true };
    }

    /// <summary>Takes a packet apart; false when it is none.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> packet, out IpPacket ip)
    {
        ip = default;
        if (packet.IsEmpty)
            return false;
        return (packet.Span[0] >> 4) switch
        {
            4 => TryParse4(packet, out ip),
            6 => TryParse6(packet, out ip),
            _ => false,
        };
    }

    private static bool TryParse4(ReadOnlyMemory<byte> packet, out IpPacket ip)
    {
        ip = default;
        var bytes = packet.Span;
        int header = (bytes[0] & 0x0F) * 4;
        if (header < 20 || bytes.Length < header)
            return false;
        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        // A network card that cuts packets itself is handed one without a length.
        if (total == 0)
            total = bytes.Length;
        if (total < header)
            return false;
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        byte protocol = bytes[9];
        // Authentication alone hides nothing (RFC 4302).
        while (protocol == 51 && (fragment & 0x3FFF) == 0 && bytes.Length >= header + 12)
        {
            protocol = bytes[header];
            header += (bytes[header + 1] + 2) * 4;
            if (header > Math.Min(total, bytes.Length))
                return false;
        }
        ip = new IpPacket
        {
            Source = NetAddress.Of(bytes[12..16]),
            Destination = NetAddress.Of(bytes[16..20]),
            Protocol = protocol,
            Payload = packet[header..Math.Min(total, bytes.Length)],
            FragmentOffset = (fragment & 0x1FFF) * 8,
            HasMoreFragments = (fragment & 0x2000) != 0,
            FragmentId = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
            Missing = Math.Max(0, total - bytes.Length),
        };
        return true;
    }

    private static bool TryParse6(ReadOnlyMemory<byte> packet, out IpPacket ip)
    {
        ip = default;
        var bytes = packet.Span;
        if (bytes.Length < 40)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        int end = length == 0 ? bytes.Length : 40 + length;
        int missing = Math.Max(0, end - bytes.Length);
        end = Math.Min(end, bytes.Length);
        int at = 40;
        byte next = bytes[6];
        int offset = 0;
        bool more = false;
        uint id = 0;
        for (int extensions = 0; next is 0 or 43 or 44 or 51 or 60 or 135; extensions++)
        {
            if (extensions == MostExtensions || end < at + 8)
                return false;
            byte type = next;
            next = bytes[at];
            if (type == 44)
            {
                int fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
                offset = fragment & 0xFFF8;
                more = (fragment & 1) != 0;
                id = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]);
                at += 8;
                // What follows belongs to the packet that the fragments make.
                break;
            }
            // An authentication header counts in 4 bytes, all others in 8 (RFC 4302 §2.2, RFC 8200 §4).
            at += type == 51 ? (bytes[at + 1] + 2) * 4 : (bytes[at + 1] + 1) * 8;
        }
        if (at > end)
            return false;
        ip = new IpPacket
        {
            Source = NetAddress.Of(bytes[8..24]),
            Destination = NetAddress.Of(bytes[24..40]),
            Protocol = next,
            Payload = packet[at..end],
            FragmentOffset = offset,
            HasMoreFragments = more,
            FragmentId = id,
            Missing = missing,
        };
        return true;
    }
}
