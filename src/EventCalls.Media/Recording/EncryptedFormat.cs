using System.Buffers.Binary;

namespace EventCalls.Media.Recording;

/// <summary>
/// An encrypted recording: a header with the file's own random key, wrapped by the configured one, then chunks of AES-256-GCM. A chunk's nonce is its number
/// and kind: none can be left out, doubled or moved unseen, and the last one says that it is.
/// </summary>
internal static class EncryptedFormat
{
    public const int TagLength = 16;
    public const int NonceLength = 12;

    /// <summary>Kind and length stand before a chunk's bytes, its tag behind them.</summary>
    public const int ChunkHeaderLength = 4;

    /// <summary>As much as a chunk holds at most, bytes.</summary>
    public const int MostOfAChunk = 64 * 1024;

    /// <summary>Magic and version, the key's id, the nonce of the wrapped key, that key, its tag.</summary>
    public const int HeaderLength = 8 + RecordingKey.IdLength + NonceLength + RecordingKey.Length + TagLength;

    /// <summary>What the header begins with, and with it the wrapped key's authenticated data.</summary>
    public const int IdentityLength = 8 + RecordingKey.IdLength;

    /// <summary>What a file begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "ECREC\0\0\x01"u8;

    /// <summary>What a chunk is.</summary>
    public enum Kind : byte
    {
        /// <summary>Others follow.</summary>
        More = 0,

        /// <summary>The recording ended here.</summary>
        Last = 1,

        /// <summary>The writer was ended here, and the file closed later: more may have been said.</summary>
        Repaired = 2,
    }

    /// <summary>Writes what stands before a chunk.</summary>
    public static void WriteChunkHeader(Span<byte> to, Kind kind, int length) => BinaryPrimitives.WriteUInt32BigEndian(to, (uint)kind << 24 | (uint)length);

    /// <summary>Reads what stands before a chunk; false when that is none.</summary>
    public static bool TryReadChunkHeader(ReadOnlySpan<byte> from, out Kind kind, out int length)
    {
        uint value = BinaryPrimitives.ReadUInt32BigEndian(from);
        (kind, length) = ((Kind)(value >> 24), (int)(value & 0xFFFFFF));
        return kind <= Kind.Repaired && length <= MostOfAChunk;
    }

    // The kind is part of it: what closes a file later never has the nonce of a chunk that was being written, whose first bytes may have been on the disk.
    public static void WriteNonce(Span<byte> nonce, Kind kind, long index)
    {
        nonce.Clear();
        nonce[0] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], index);
    }
}
