using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace EventCalls.Testing;

/// <summary>Puts an IP packet, or a frame, into what networks and taps wrap packets in; each gives the bytes of an Ethernet frame unless it says otherwise.</summary>
public static class Wrappings
{
    private static readonly IPAddress s_tap = IPAddress.Parse("10.9.9.1");
    private static readonly IPAddress s_collector = IPAddress.Parse("10.9.9.2");

    /// <summary>The wrappings by name: of an IPv4 packet an Ethernet frame.</summary>
    public static IReadOnlyDictionary<string, Func<byte[], byte[]>> All { get; } = new Dictionary<string, Func<byte[], byte[]>>
    {
        ["802.1Q"] = ip => [.. Ends(), 0x81, 0, 0, 7, 8, 0, .. ip],
        ["QinQ"] = ip => [.. Ends(), 0x88, 0xA8, 0, 7, 0x81, 0, 0, 8, 8, 0, .. ip],
        ["PPPoE"] = ip => [.. Ends(), 0x88, 0x64, 0x11, 0, 0, 1, .. Two(ip.Length + 2), 0, 0x21, .. ip],
        ["LLC/SNAP"] = ip => [.. Ends(), .. Two(ip.Length + 8), 0xAA, 0xAA, 3, 0, 0, 0, 8, 0, .. ip],
        ["IP in IP"] = ip => Outer(4, ip),
        ["6in4"] = ip => Outer(41, new byte[] { 0x60, 0, 0, 0 }.Concat(Two(ip.Length)).Concat(new byte[] { 4, 64 }).Concat(new byte[32]).Concat(ip).ToArray()),
        ["GRE"] = ip => Outer(47, [0, 0, 8, 0, .. ip]),
        ["GRE with checksum, key and sequence"] = ip => Outer(47, [0xB0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 9, .. ip]),
        ["NVGRE"] = ip => Outer(47, [0x20, 0, 0x65, 0x58, 0, 0, 1, 0, .. Frame(ip)]),
        ["PPTP"] = ip => Outer(47, [0x30, 0x81, 0x88, 0x0B, .. Two(ip.Length + 4), 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xFF, 3, 0, 0x21, .. ip]),
        ["ERSPAN I"] = ip => Outer(47, [0, 0, 0x88, 0xBE, .. Frame(ip)]),
        ["ERSPAN II"] = ip => Outer(47, [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 1, 0x08, 1, 0, 0, 0, 3, .. Frame(ip)]),
        ["ERSPAN III"] = ip => Outer(47, [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 1, 0x08, 1, 0, 0, 0, 3, 0, 0, 0, 0, .. Frame(ip)]),
        ["ERSPAN III with subheader"] = ip => Outer(47, [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 1, 0x08, 1, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, .. Frame(ip)]),
        ["VXLAN"] = ip => OuterUdp(4789, [8, 0, 0, 0, 0, 0, 5, 0, .. Frame(ip)]),
        ["VXLAN on the port of old"] = ip => OuterUdp(8472, [8, 0, 0, 0, 0, 0, 5, 0, .. Frame(ip)]),
        ["VXLAN-GPE"] = ip => OuterUdp(4790, [0x0C, 0, 0, 1, 0, 0, 5, 0, .. ip]),
        ["GENEVE"] = ip => OuterUdp(6081, [0, 0, 0x65, 0x58, 0, 0, 5, 0, .. Frame(ip)]),
        ["GENEVE with options and IP"] = ip => OuterUdp(6081, [2, 0, 8, 0, 0, 0, 5, 0, 1, 2, 3, 1, 0, 0, 0, 0, .. ip]),
        ["GTP-U"] = ip => OuterUdp(2152, [0x30, 0xFF, .. Two(ip.Length), 0, 0, 0, 1, .. ip]),
        ["GTP-U with a PDU session container"] = ip => OuterUdp(2152, [0x34, 0xFF, .. Two(ip.Length + 8), 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0, .. ip]),
        ["TZSP"] = ip => OuterUdp(37008, [1, 0, 0, 1, 10, 1, 0xD8, 0, 1, .. Frame(ip)]),
        ["MPLS"] = ip => [.. Ends(), 0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64, .. ip],
        ["MPLS pseudo-wire"] = ip => [.. Ends(), 0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64, .. Frame(ip)],
        ["MPLS pseudo-wire with a control word"] = ip => [.. Ends(), 0x88, 0x47, 0, 2, 1, 64, 0, 0, 0, 0, .. Frame(ip)],
        ["MPLS in GRE"] = ip => Outer(47, [0, 0, 0x88, 0x47, 0, 2, 1, 64, .. ip]),
        ["MPLS in UDP"] = ip => OuterUdp(6635, [0, 2, 1, 64, .. ip]),
        ["provider bridge"] = ip => [.. Ends(), 0x88, 0xE7, 0, 0, 0, 5, .. Frame(ip)],
        ["network service header"] = ip => [.. Ends(), 0x89, 0x4F, 0x0F, 0xC6, 1, 1, 0, 0, 1, 255, .. new byte[16], .. ip],
        ["EtherIP"] = ip => Outer(97, [0x30, 0, .. Frame(ip)]),
        ["L2TP"] = ip => OuterUdp(1701, [0x40, 2, .. Two(ip.Length + 12), 0, 1, 0, 2, 0xFF, 3, 0, 0x21, .. ip]),
        ["L2TP with sequence and offset"] = ip => OuterUdp(1701, [0x0A, 2, 0, 1, 0, 2, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0x21, .. ip]),
        ["L2TPv3"] = ip => Outer(115, [0, 0, 0, 9, 1, 2, 3, 4, .. Frame(ip)]),
        ["L2TPv3 over UDP"] = ip => OuterUdp(1701, [0, 3, 0, 0, 0, 0, 0, 9, .. Frame(ip)]),
        ["authenticated"] = ip => Outer(51, [4, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, .. new byte[12], .. ip]),
        ["VXLAN in GRE in 802.1Q"] = ip => [.. Ends(), 0x81, 0, 0, 7, 8, 0, .. Ip(47, [0, 0, 8, 0, .. OuterUdp(4789, [8, 0, 0, 0, 0, 0, 5, 0, .. Frame(ip)])[14..]])],
    };

    /// <summary>A frame that carries the packet.</summary>
    public static byte[] Frame(byte[] ip) => Frames.Link(1, ip);

    /// <summary>A frame with a packet of the protocol between the tap and its collector.</summary>
    public static byte[] Outer(byte protocol, byte[] payload) => Frame(Ip(protocol, payload));

    /// <summary>The same with a UDP datagram.</summary>
    public static byte[] OuterUdp(int port, byte[] payload) => Outer(17, Frames.Udp(50_000, port, payload));

    /// <summary>A message as a capture agent sends it to its collector.</summary>
    public static byte[] Hep(IPEndPoint from, IPEndPoint to, byte[] message, DateTimeOffset time, bool isPacked = false, byte protocol = 17)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(message);
        bool is6 = from.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        byte[] seconds = new byte[4];
        byte[] micros = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(seconds, (uint)time.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32BigEndian(micros, (uint)(time.Ticks % TimeSpan.TicksPerSecond / 10));
        byte[] chunks =
        [
            .. Chunk(1, [is6 ? (byte)10 : (byte)2]), .. Chunk(2, [protocol]), .. Chunk(is6 ? 5 : 3, from.Address.GetAddressBytes()), .. Chunk(is6 ? 6 : 4, to.Address.GetAddressBytes()),
            .. Chunk(7, Two(from.Port)), .. Chunk(8, Two(to.Port)), .. Chunk(9, seconds), .. Chunk(10, micros), .. Chunk(11, [1]), .. Chunk(12, [0, 0, 7, 0xD1]),
            .. Chunk(14, Encoding.ASCII.GetBytes("myHep")), .. isPacked ? Chunk(16, packed.ToArray()) : Chunk(15, message),
        ];
        return OuterUdp(9060, [.. "HEP3"u8, .. Two(chunks.Length + 6), .. chunks]);
    }

    private static byte[] Ip(byte protocol, byte[] payload) => Frames.Ip(s_tap, s_collector, protocol, payload);

    private static byte[] Ends() => [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];

    private static byte[] Two(int number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Chunk(int type, byte[] value) => [0, 0, .. Two(type), .. Two(value.Length + 6), .. value];
}
