using System.Security.Cryptography;

namespace EventCalls.Media.Srtp;

/// <summary>The secret from which one direction of a leg makes its keys, and the identifier its packets carry. Never written to a log.</summary>
internal sealed class SrtpMasterKey
{
    /// <summary>Takes over copies of the key, of the salt and of the identifier (MKI, empty when packets carry none).</summary>
    public SrtpMasterKey(SrtpSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> identifier = default)
    {
        if (key.Length != suite.KeyLength || salt.Length != suite.SaltLength)
            throw new ArgumentException($"{suite.Name} takes a key of {suite.KeyLength} and a salt of {suite.SaltLength} bytes.", nameof(key));
        Suite = suite;
        Key = key.ToArray();
        Salt = salt.ToArray();
        Identifier = identifier.ToArray();
    }

    /// <summary>What the key is for.</summary>
    public SrtpSuite Suite { get; }

    /// <summary>The master key.</summary>
    public byte[] Key { get; }

    /// <summary>The master salt.</summary>
    public byte[] Salt { get; }

    /// <summary>The identifier behind each packet's payload (RFC 3711 §3.1); empty without.</summary>
    public byte[] Identifier { get; }

    /// <summary>Whether it is the same key.</summary>
    public bool IsSame(SrtpMasterKey other) =>
        Suite == other.Suite && CryptographicOperations.FixedTimeEquals(Key, other.Key) && CryptographicOperations.FixedTimeEquals(Salt, other.Salt) && Identifier.AsSpan().SequenceEqual(other.Identifier);

    /// <summary>A fresh key out of the system's randomness.</summary>
    public static SrtpMasterKey Fresh(SrtpSuite suite)
    {
        Span<byte> bytes = stackalloc byte[64];
        bytes = bytes[..(suite.KeyLength + suite.SaltLength)];
        RandomNumberGenerator.Fill(bytes);
        var fresh = new SrtpMasterKey(suite, bytes[..suite.KeyLength], bytes[suite.KeyLength..]);
        CryptographicOperations.ZeroMemory(bytes);
        return fresh;
    }

    /// <summary>The suite alone: the key never gets into a text.</summary>
    public override string ToString() => Suite.Name;
}
