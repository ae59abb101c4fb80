using System.Buffers.Binary;

namespace EventCalls.Import.Captures;

/// <summary>A TCP segment taken apart (RFC 9293 §3.1).</summary>
internal readonly record struct TcpSegment(ushort SourcePort, ushort DestinationPort, uint Sequence, bool IsSyn, bool IsReset, ReadOnlyMemory<byte> Payload)
{
    /// <summary>How many bytes behind the payload were sent and not captured.</summary>
    public int Missing { get; init; }

    /// <summary>Takes a segment apart; false when it is none.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out TcpSegment segment)
    {
        segment = default;
        var header = bytes.Span;
        if (header.Length < 20)
            return false;
        int length = (header[12] >> 4) * 4;
        if (length < 20 || length > header.Length)
            return false;
        segment = new TcpSegment(
            BinaryPrimitives.ReadUInt16BigEndian(header),
            BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(header[4..]),
            (header[13] & 0x02) != 0,
            (header[13] & 0x04) != 0,
            bytes[length..]);
        return true;
    }
}
