using System.Buffers.Binary;
using System.IO.Compression;

namespace EventCalls.Import.Captures;

/// <summary>A message that a capture agent sent on to a collector: HEP version 3, chunks behind a length.</summary>
internal readonly record struct HepPacket
{
    private const int Header = 6;
    private const int MostBytes = 64 * 1024;
    private const int Sip = 1;

    /// <summary>From where the message was sent.</summary>
    public NetEndPoint Source { get; init; }

    /// <summary>To where.</summary>
    public NetEndPoint Destination { get; init; }

    /// <summary>The IP protocol it was sent by.</summary>
    public byte Protocol { get; init; }

    /// <summary>When the agent saw it; null when it does not say.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The message; empty when it is no SIP.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether the bytes begin like such a packet.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith("HEP3"u8);

    /// <summary>Takes a packet apart; false when it lacks its message or who sent it to whom.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out HepPacket packet)
    {
        packet = default;
        if (bytes.Length < Header || !Is(bytes.Span))
            return false;
        NetAddress? source = null;
        NetAddress? destination = null;
        var (sourcePort, destinationPort, protocol) = ((ushort)0, (ushort)0, (byte)17);
        long? seconds = null;
        uint microseconds = 0;
        int kind = Sip;
        ReadOnlyMemory<byte> payload = default;
        // What was cut off a capture is missing at the end, where the message lies: what is there of it is taken.
        for (var rest = bytes[Header..Math.Clamp(BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[4..]), Header, bytes.Length)]; rest.Length > Header;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span[4..]);
            if (length < Header)
                break;
            var value = rest[Header..Math.Min(length, rest.Length)];
            bool isStandard = BinaryPrimitives.ReadUInt16BigEndian(rest.Span) == 0;
            int type = isStandard ? BinaryPrimitives.ReadUInt16BigEndian(rest.Span[2..]) : -1;
            rest = rest[Math.Min(length, rest.Length)..];
            switch (type, value.Length)
            {
                case (2, 1):
                    protocol = value.Span[0];
                    break;
                case (3, 4) or (5, 16):
                    source = NetAddress.Of(value.Span);
                    break;
                case (4, 4) or (6, 16):
                    destination = NetAddress.Of(value.Span);
                    break;
                case (7, 2):
                    sourcePort = BinaryPrimitives.ReadUInt16BigEndian(value.Span);
                    break;
                case (8, 2):
                    destinationPort = BinaryPrimitives.ReadUInt16BigEndian(value.Span);
                    break;
                case (9, 4):
                    seconds = BinaryPrimitives.ReadUInt32BigEndian(value.Span);
                    break;
                case (10, 4):
                    microseconds = BinaryPrimitives.ReadUInt32BigEndian(value.Span);
                    break;
                case (11, 1):
                    kind = value.Span[0];
                    break;
                case (15, _):
                    payload = value;
                    break;
                case (16, _):
                    payload = Inflate(value);
                    break;
            }
        }
        if (source is null || destination is null || payload.IsEmpty)
            return false;
        packet = new HepPacket
        {
            Source = new NetEndPoint(source.Value, sourcePort),
            Destination = new NetEndPoint(destination.Value, destinationPort),
            Protocol = protocol,
            Time = seconds is { } known && microseconds < 1_000_000 ? DateTimeOffset.UnixEpoch.AddTicks((known * TimeSpan.TicksPerSecond) + (microseconds * 10L)) : null,
            Payload = kind == Sip ? payload : default,
        };
        return true;
    }

    // No more than the largest message there is: what unpacks to more is none.
    private static ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < 2)
            return default;
        try
        {
            using var packed = new MemoryStream(bytes.ToArray());
            using Stream plain = bytes.Span[0] == 0x1F ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
            var buffer = new byte[MostBytes + 1];
            int length = plain.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= MostBytes ? buffer.AsMemory(0, length) : default;
        }
        catch (InvalidDataException)
        {
            return default;
        }
    }
}
