using System.Buffers.Text;
using System.Globalization;
using System.Numerics;

namespace EventCalls.Sip.Transactions;

/// <summary>Makes the branches, tags and Call-IDs of one shard: unique, unguessable, and telling their shard when they come back.</summary>
/// <remarks>
/// A token is 20 hexadecimal digits: the shard (2), a counter (10) and a keyed check (8) that strangers can't compute,
/// so that a forged answer is refused before any table is looked at (RFC 3261 §19.3 asks for 32 random bits).
/// </remarks>
internal sealed class IdSource
{
    /// <summary>Bytes of a token.</summary>
    public const int TokenLength = 20;

    private const ulong CounterMask = (1UL << 40) - 1;

    private readonly int _shard;
    private readonly ulong _secret1;
    private readonly ulong _secret2;
    private ulong _counter;

    public IdSource(int shard, RandomSource random)
    {
        _shard = shard & 0xFF;
        Span<byte> seed = stackalloc byte[24];
        random.Fill(seed);
        _secret1 = BitConverter.ToUInt64(seed) | 1;
        _secret2 = BitConverter.ToUInt64(seed[8..]) | 1;
        // A run begins somewhere else than the one before it, so that stray answers to that one meet no table.
        _counter = BitConverter.ToUInt64(seed[16..]) & CounterMask;
    }

    /// <summary>The magic cookie of RFC 3261 §8.1.1.7.</summary>
    public static ReadOnlySpan<byte> Cookie => "z9hG4bK"u8;

    /// <summary>Writes a new token and gives its id, the key of our tables.</summary>
    public ulong Next(Span<byte> token)
    {
        ulong id = ++_counter & CounterMask;
        Write(token, id);
        return id;
    }

    /// <summary>The token that belongs to an id of ours.</summary>
    public void Write(Span<byte> token, ulong id)
    {
        Utf8Formatter.TryFormat((byte)_shard, token, out _, new System.Buffers.StandardFormat('x', 2));
        Utf8Formatter.TryFormat(id, token[2..], out _, new System.Buffers.StandardFormat('x', 10));
        Utf8Formatter.TryFormat(Check(id), token[12..], out _, new System.Buffers.StandardFormat('x', 8));
    }

    /// <summary>Reads a token of ours back; false for what this shard did not make.</summary>
    public bool TryRead(ReadOnlySpan<byte> token, out ulong id)
    {
        id = 0;
        return token.Length >= TokenLength
            && TryReadShard(token, out int shard) && shard == _shard
            && ulong.TryParse(token.Slice(2, 10), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id)
            && uint.TryParse(token.Slice(12, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint check)
            && check == Check(id);
    }

    /// <summary>The shard a token names; only its form is looked at.</summary>
    public static bool TryReadShard(ReadOnlySpan<byte> token, out int shard)
    {
        shard = 0;
        return token.Length >= TokenLength
            && int.TryParse(token[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out shard);
    }

    private uint Check(ulong id)
    {
        ulong x = (id ^ _secret1) * 0x9E3779B97F4A7C15;
        x = BitOperations.RotateLeft(x ^ _secret2, 29) * _secret1;
        x ^= x >> 32;
        x *= _secret2;
        return (uint)(x >> 32);
    }
}
