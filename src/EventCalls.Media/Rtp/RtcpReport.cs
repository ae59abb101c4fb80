using System.Buffers.Binary;

namespace EventCalls.Media.Rtp;

/// <summary>Writes the reports of a stream that is made here: a sender report, with what was received of the other side in it, and who sends (RFC 3550 §6.1, §6.4.1, §6.5).</summary>
internal static class RtcpReport
{
    /// <summary>As long as one gets, bytes.</summary>
    public const int MostBytes = 28 + 24 + 20;

    private const int SenderReport = 200;
    private const int Description = 202;
    private static readonly DateTimeOffset s_era = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes one; its length.</summary>
    /// <param name="buffer">Room for <see cref="MostBytes"/>.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="heard">What came of the other side; null for nothing.</param>
    /// <param name="fractionLost">How much of that was lost since the last report, of 256.</param>
    public static int Write(Span<byte> buffer, SenderFacts sent, RtpStatistics? heard, byte fractionLost)
    {
        bool hasBlock = heard is { Packets: > 0 };
        int length = hasBlock ? 52 : 28;
        buffer[0] = (byte)(0x80 | (hasBlock ? 1 : 0));
        buffer[1] = SenderReport;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)(length / 4 - 1));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], sent.Ssrc);
        double seconds = (sent.Wall - s_era).TotalSeconds;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[8..], (uint)(ulong)seconds);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[12..], (uint)((seconds - Math.Floor(seconds)) * 4_294_967_296.0));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[16..], sent.Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[20..], sent.Packets);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[24..], sent.Octets);
        if (hasBlock)
            Block(buffer[28..], heard!, fractionLost);
        return length + Name(buffer[length..], sent.Ssrc);
    }

    private static void Block(Span<byte> block, RtpStatistics heard, byte fractionLost)
    {
        BinaryPrimitives.WriteUInt32BigEndian(block, heard.Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], (uint)Math.Min(heard.Lost, 0x7F_FFFF));
        block[4] = fractionLost;
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], heard.ExtendedHighest);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], heard.Jitter);
        // When the other side's last report came is not kept.
        block.Slice(16, 8).Clear();
    }

    // A name that says nothing of this machine, and is the same as long as the stream is (RFC 7022 §4.2).
    private static int Name(Span<byte> chunk, uint ssrc)
    {
        chunk[0] = 0x81;
        chunk[1] = Description;
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], ssrc);
        chunk[8] = 1;
        chunk[9] = 8;
        for (int i = 0; i < 8; i++)
            chunk[10 + i] = (byte)"0123456789abcdef"[(int)(ssrc >> (28 - 4 * i) & 0xF)];
        chunk.Slice(18, 2).Clear();
        return 20;
    }
}
