using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EventCalls.Media.Srtp;

/// <summary>
/// AES in counter mode over bytes where they lie (RFC 3711 §4.1.1). The counters of a whole packet are encrypted in one call
/// and then laid over it; nothing is allocated. For one thread at a time.
/// </summary>
internal sealed class AesKeystream : IDisposable
{
    private const int Block = 16;

    // A packet of G.711 takes 176 bytes of it; longer ones go through in pieces.
    private readonly byte[] _blocks = new byte[512];
    private readonly Aes _aes;
    private readonly ICryptoTransform _encrypt;

    public AesKeystream(byte[] key)
    {
        _aes = Aes.Create();
        _aes.Key = key;
        // Blocks one by one are what counter mode is built from: nothing of the packet itself is encrypted this way.
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _encrypt = _aes.CreateEncryptor();
    }

    /// <summary>Lays the keystream over the bytes, beginning at the counter of these two halves: encrypts or decrypts.</summary>
    public void Apply(Span<byte> bytes, ulong high, ulong low)
    {
        byte[] blocks = _blocks;
        while (bytes.Length > 0)
        {
            int taken = Math.Min(bytes.Length, blocks.Length);
            int filled = (taken + Block - 1) & ~(Block - 1);
            for (int at = 0; at < filled; at += Block)
            {
                BinaryPrimitives.WriteUInt64BigEndian(blocks.AsSpan(at), high);
                BinaryPrimitives.WriteUInt64BigEndian(blocks.AsSpan(at + 8), low++);
            }
            _encrypt.TransformBlock(blocks, 0, filled, blocks, 0);
            Xor(bytes[..taken], blocks);
            bytes = bytes[taken..];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_blocks);
        _encrypt.Dispose();
        _aes.Dispose();
    }

    private static void Xor(Span<byte> bytes, ReadOnlySpan<byte> stream)
    {
        ref byte to = ref MemoryMarshal.GetReference(bytes);
        ref byte with = ref MemoryMarshal.GetReference(stream);
        int at = 0;
        for (; at <= bytes.Length - Vector<byte>.Count; at += Vector<byte>.Count)
            (Vector.LoadUnsafe(ref to, (nuint)at) ^ Vector.LoadUnsafe(ref with, (nuint)at)).StoreUnsafe(ref to, (nuint)at);
        for (; at < bytes.Length; at++)
            bytes[at] ^= stream[at];
    }
}
