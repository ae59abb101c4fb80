using System.Buffers.Binary;
using System.Net;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Tracing;

/// <summary>A SIP message as a capture agent sends it on to a collector such as Homer: HEP version 3, chunks behind a length.</summary>
internal readonly ref struct HepPacket
{
    /// <summary>The longest packet one datagram carries, bytes.</summary>
    public const int MostBytes = 65_507;

    private const int Header = 6;
    private const byte Sip = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <summary>By what it was sent.</summary>
    public required TransportProtocol Protocol { get; init; }

    /// <summary>From where.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>To where.</summary>
    public required IPEndPoint Destination { get; init; }

    /// <summary>When it was seen.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who captured it.</summary>
    public required uint Agent { get; init; }

    /// <summary>What the collector knows the agent by; empty for nothing.</summary>
    public ReadOnlySpan<byte> Password { get; init; }

    /// <summary>What the messages of one call have in common.</summary>
    public required ReadOnlySpan<byte> Correlation { get; init; }

    /// <summary>The message.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Writes the packet; false when it has no room there.</summary>
    public bool TryWrite(Span<byte> to, out int length)
    {
        var (source, destination) = (Plain(Source.Address), Plain(Destination.Address));
        // One packet has one family: what a listener on all addresses was told may be of the other one.
        bool isV6 = source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 || destination.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        int addressLength = isV6 ? 16 : 4;
        length = Header + (2 * (Header + 1)) + (2 * (Header + addressLength)) + (2 * (Header + 2)) + (2 * (Header + 4)) + Header + 1 + Header + 4
            + (Password.IsEmpty ? 0 : Header + Password.Length) + Header + Payload.Length + Header + Correlation.Length;
        if (length > to.Length || length > MostBytes)
            return false;
        "HEP3"u8.CopyTo(to);
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], (ushort)length);
        int at = Header;
        Chunk(to, ref at, 0x01, 1)[0] = isV6 ? (byte)10 : (byte)2;
        Chunk(to, ref at, 0x02, 1)[0] = Protocol == TransportProtocol.Udp ? Udp : Tcp;
        Address(Chunk(to, ref at, isV6 ? 0x05 : 0x03, addressLength), source, isV6);
        Address(Chunk(to, ref at, isV6 ? 0x06 : 0x04, addressLength), destination, isV6);
        BinaryPrimitives.WriteUInt16BigEndian(Chunk(to, ref at, 0x07, 2), (ushort)Source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(Chunk(to, ref at, 0x08, 2), (ushort)Destination.Port);
        BinaryPrimitives.WriteUInt32BigEndian(Chunk(to, ref at, 0x09, 4), (uint)Time.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32BigEndian(Chunk(to, ref at, 0x0A, 4), (uint)(Time.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        Chunk(to, ref at, 0x0B, 1)[0] = Sip;
        BinaryPrimitives.WriteUInt32BigEndian(Chunk(to, ref at, 0x0C, 4), Agent);
        if (!Password.IsEmpty)
            Password.CopyTo(Chunk(to, ref at, 0x0E, Password.Length));
        Correlation.CopyTo(Chunk(to, ref at, 0x11, Correlation.Length));
        Payload.CopyTo(Chunk(to, ref at, 0x0F, Payload.Length));
        return true;
    }

    /// <summary>A chunk of the generic vendor, 0.</summary>
    private static Span<byte> Chunk(Span<byte> to, ref int at, int type, int length)
    {
        var chunk = to.Slice(at, Header + length);
        at += chunk.Length;
        BinaryPrimitives.WriteUInt16BigEndian(chunk, 0);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[4..], (ushort)chunk.Length);
        return chunk[Header..];
    }

    private static void Address(Span<byte> to, IPAddress address, bool isV6) => (isV6 ? address.MapToIPv6() : address).TryWriteBytes(to, out _);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
