using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EventCalls.Sip;

/// <summary>All the randomness of a protocol core: unguessable, or made from a seed, so that a run in virtual time can be repeated.</summary>
/// <remarks>It belongs to its shard's thread.</remarks>
public sealed class RandomSource
{
    private readonly bool _isSeeded;
    private ulong _state;

    private RandomSource(bool isSeeded, ulong state) => (_isSeeded, _state) = (isSeeded, state);

    /// <summary>One that nobody can guess; for every agent that strangers can reach.</summary>
    public static RandomSource Unguessable() => new(isSeeded: false, 0);

    /// <summary>One that gives the same numbers for the same seed; for virtual time only.</summary>
    public static RandomSource FromSeed(ulong seed) => new(isSeeded: true, seed);

    /// <summary>Fills the bytes.</summary>
    public void Fill(Span<byte> bytes)
    {
        if (!_isSeeded)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }
        Span<byte> block = stackalloc byte[8];
        while (!bytes.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(block, NextOfSeed());
            int count = Math.Min(bytes.Length, 8);
            block[..count].CopyTo(bytes);
            bytes = bytes[count..];
        }
    }

    /// <summary>A number from 0 to below the bound.</summary>
    public int Next(int below) => _isSeeded ? (int)(NextOfSeed() % (uint)below) : RandomNumberGenerator.GetInt32(below);

    // SplitMix64: every seed gives a good sequence, also 0.
    private ulong NextOfSeed()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong x = _state;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
