using System.Buffers.Binary;
using System.Numerics;

namespace EventCalls.Store.Spooling;

/// <summary>How a spool file is written: its mark, then records, each with its length, its number of events and a CRC-32C.</summary>
/// <remarks>
/// A record is <c>E C R 1</c>, then three little-endian 32-bit numbers (bytes of the payload, events in it, CRC-32C over these two numbers and
/// the payload), then the payload: lines as on the bus. The mark lets reading go on behind a damaged record.
/// </remarks>
internal static class SpoolFrame
{
    public const int HeaderBytes = 16;

    // More than any batch can have; a greater length is damage.
    private const int LongestPayload = 256 * 1024 * 1024;

    /// <summary>What a file begins with.</summary>
    public static ReadOnlySpan<byte> FileMark => "ECSPOOL1"u8;

    /// <summary>A record without a payload.</summary>
    public static ReadOnlySpan<byte> Empty => s_empty;

    private static readonly byte[] s_empty = WriteEmpty();

    private static ReadOnlySpan<byte> RecordMark => "ECR1"u8;

    /// <summary>Writes a record; the buffer has <see cref="HeaderBytes"/> more bytes than the payload.</summary>
    public static void Write(Span<byte> buffer, ReadOnlySpan<byte> payload, int events)
    {
        RecordMark.CopyTo(buffer);
        BinaryPrimitives.WriteInt32LittleEndian(buffer[4..], payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(buffer[8..], events);
        payload.CopyTo(buffer[HeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[12..], Checksum(buffer, payload));
    }

    /// <summary>Reads the record at the beginning of the bytes; false when there is none or it is damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out int length, out int events)
    {
        length = events = 0;
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(RecordMark))
            return false;
        length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        events = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        return length is >= 0 and <= LongestPayload && length <= bytes.Length - HeaderBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) == Checksum(bytes, bytes.Slice(HeaderBytes, length));
    }

    /// <summary>Whether the bytes are the beginning of a record that was not written to its end.</summary>
    public static bool IsCutOff(ReadOnlySpan<byte> bytes)
    {
        var mark = bytes[..Math.Min(bytes.Length, RecordMark.Length)];
        if (!RecordMark.StartsWith(mark))
            return false;
        return bytes.Length < HeaderBytes
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) is >= 0 and <= LongestPayload and var length && length > bytes.TrimEnd((byte)0).Length - HeaderBytes;
    }

    /// <summary>Where the next sound record begins; −1 when none follows.</summary>
    public static int NextSound(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; ;)
        {
            int found = bytes[at..].IndexOf(RecordMark);
            if (found < 0)
                return -1;
            at += found;
            if (TryRead(bytes[at..], out _, out _))
                return at;
            at++;
        }
    }

    private static byte[] WriteEmpty()
    {
        var frame = new byte[HeaderBytes];
        Write(frame, [], 0);
        return frame;
    }

    private static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(header[4..]));
        for (; payload.Length >= 8; payload = payload[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(payload));
        foreach (byte b in payload)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
