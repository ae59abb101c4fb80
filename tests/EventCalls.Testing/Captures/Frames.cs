using System.Buffers.Binary;
using System.Net;

namespace EventCalls.Testing;

/// <summary>Packets as they lie on a link, made byte by byte.</summary>
public static class Frames
{
    /// <summary>Puts what a link of that LINKTYPE_ value begins with before an IP packet.</summary>
    public static byte[] Link(int linkType, byte[] ip, bool withTags = false)
    {
        bool is6 = ip[0] >> 4 == 6;
        byte[] type = is6 ? [0x86, 0xDD] : [0x08, 0x00];
        byte[] tags = withTags ? [0x88, 0xA8, 0x00, 0x07, 0x81, 0x00, 0x00, 0x2A] : [];
        return linkType switch
        {
            0 => [.. is6 ? (byte[])[30, 0, 0, 0] : [2, 0, 0, 0], .. ip],
            108 => [.. is6 ? (byte[])[0, 0, 0, 24] : [0, 0, 0, 2], .. ip],
            1 => [.. new byte[12], .. tags, .. type, .. ip],
            113 => [.. new byte[14], .. tags, .. type, .. ip],
            276 => tags.Length == 0 ? [.. type, .. new byte[18], .. ip] : [0x81, 0x00, .. new byte[18], 0x00, 0x2A, .. type, .. ip],
            _ => ip,
        };
    }

    /// <summary>An IPv4 or IPv6 packet.</summary>
    public static byte[] Ip(IPAddress source, IPAddress destination, byte protocol, byte[] payload, ushort id = 1, int fragmentOffset = 0, bool more = false)
    {
        if (source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            bool isFragment = fragmentOffset > 0 || more;
            // A hop-by-hop header before everything, as multicast discovery has it, shows that extensions are passed over.
            byte[] extensions = isFragment
                ? [44, 0, 1, 4, 0, 0, 0, 0, protocol, 0, (byte)(fragmentOffset >> 8), (byte)((fragmentOffset & 0xF8) | (more ? 1 : 0)), 0, 0, (byte)(id >> 8), (byte)id]
                : [protocol, 0, 1, 4, 0, 0, 0, 0];
            var header = new byte[40];
            header[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)(extensions.Length + payload.Length));
            header[6] = 0;
            source.TryWriteBytes(header.AsSpan(8), out _);
            destination.TryWriteBytes(header.AsSpan(24), out _);
            return [.. header, .. extensions, .. payload];
        }
        var ip = new byte[20];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)(20 + payload.Length));
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(6), (ushort)((fragmentOffset / 8) | (more ? 0x2000 : 0)));
        ip[8] = 64;
        ip[9] = protocol;
        source.TryWriteBytes(ip.AsSpan(12), out _);
        destination.TryWriteBytes(ip.AsSpan(16), out _);
        return [.. ip, .. payload];
    }

    /// <summary>A UDP datagram, without its IP header.</summary>
    public static byte[] Udp(int source, int destination, byte[] payload)
    {
        var udp = new byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)source);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), (ushort)destination);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)(8 + payload.Length));
        return [.. udp, .. payload];
    }

    /// <summary>A TCP segment, without its IP header.</summary>
    public static byte[] Tcp(int source, int destination, uint sequence, byte[] payload, byte flags = 0x18)
    {
        var tcp = new byte[24];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)source);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), (ushort)destination);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), sequence);
        tcp[12] = 0x60;
        tcp[13] = flags;
        return [.. tcp, .. payload];
    }
}
