using System.Buffers.Binary;

namespace EventCalls.Media.Rtp;

/// <summary>An RTP packet taken apart where it lies (RFC 3550 §5.1). The spans lie in the bytes it was read from.</summary>
internal readonly ref struct RtpPacket
{
    /// <summary>How long the header is at least, bytes.</summary>
    public const int HeaderLength = 12;

    private RtpPacket(ReadOnlySpan<byte> bytes, int payload, int end)
    {
        Bytes = bytes;
        PayloadStart = payload;
        Payload = bytes[payload..end];
    }

    /// <summary>The whole packet.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Where the payload begins: behind the CSRCs and the header extension.</summary>
    public int PayloadStart { get; }

    /// <summary>The payload, without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The marker bit.</summary>
    public bool Marker => (Bytes[1] & 0x80) != 0;

    /// <summary>The payload type, 0–127.</summary>
    public int PayloadType => Bytes[1] & 0x7f;

    /// <summary>The sequence number.</summary>
    public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(Bytes[2..]);

    /// <summary>The timestamp, in units of the payload's clock.</summary>
    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(Bytes[4..]);

    /// <summary>Who sends.</summary>
    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(Bytes[8..]);

    /// <summary>Reads a packet; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RtpPacket packet)
    {
        packet = default;
        if (bytes.Length < HeaderLength || bytes[0] >> 6 != 2)
            return false;
        int start = HeaderLength + 4 * (bytes[0] & 0x0f);
        if ((bytes[0] & 0x10) != 0)
        {
            if (bytes.Length < start + 4)
                return false;
            start += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(bytes[(start + 2)..]);
        }
        int end = bytes.Length;
        if ((bytes[0] & 0x20) != 0)
        {
            // The last byte counts the padding, itself among it.
            if (bytes[^1] == 0)
                return false;
            end -= bytes[^1];
        }
        if (start > end)
            return false;
        packet = new RtpPacket(bytes, start, end);
        return true;
    }

    /// <summary>Writes a header without CSRCs and extension; the buffer has room for it.</summary>
    public static void WriteHeader(Span<byte> buffer, int payloadType, bool marker, ushort sequence, uint timestamp, uint ssrc)
    {
        buffer[0] = 0x80;
        buffer[1] = (byte)((marker ? 0x80 : 0) | payloadType);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[8..], ssrc);
    }

    /// <summary>Whether a datagram on a port that carries both is RTCP (RFC 5761 §4).</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> bytes) => bytes.Length >= 8 && bytes[0] >> 6 == 2 && bytes[1] is >= 192 and <= 223;
}
