using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace EventCalls.Media.Dtls;

/// <summary>The hash of a certificate, as <c>a=fingerprint:</c> says it (RFC 8122 §5).</summary>
internal sealed class DtlsFingerprint
{
    // Weakest first: where a peer names several, the strongest counts.
    private static readonly (string Name, int Length, Hash Hash)[] s_hashes =
    [
        ("sha-1", 20, SHA1.HashData),
        ("sha-256", 32, SHA256.HashData),
        ("sha-384", 48, SHA384.HashData),
        ("sha-512", 64, SHA512.HashData),
    ];

    private readonly int _hash;
    private readonly byte[] _value;

    private DtlsFingerprint(int hash, byte[] value)
    {
        _hash = hash;
        _value = value;
    }

    private delegate byte[] Hash(byte[] bytes);

    /// <summary>That of a certificate (DER), by SHA-256.</summary>
    public static DtlsFingerprint Of(byte[] certificate) => new(1, SHA256.HashData(certificate));

    /// <summary>Reads what stands behind <c>a=fingerprint:</c>; false for a hash we do not take (MD5, MD2, SHA-224) or one that is not whole.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, [NotNullWhen(true)] out DtlsFingerprint? fingerprint)
    {
        fingerprint = null;
        value = value.Trim();
        int space = value.IndexOf(' ');
        int hash = -1;
        for (int i = 0; i < s_hashes.Length && space > 0; i++)
        {
            if (value[..space].Equals(s_hashes[i].Name, StringComparison.OrdinalIgnoreCase))
                hash = i;
        }
        if (hash < 0)
            return false;
        ReadOnlySpan<char> hex = value[space..].Trim();
        byte[] bytes = new byte[s_hashes[hash].Length];
        if (hex.Length != 3 * bytes.Length - 1)
            return false;
        for (int i = 0; i < bytes.Length; i++)
        {
            int high = Digit(hex[3 * i]);
            int low = Digit(hex[3 * i + 1]);
            if (high < 0 || low < 0 || i > 0 && hex[3 * i - 1] != ':')
                return false;
            bytes[i] = (byte)(high << 4 | low);
        }
        fingerprint = new DtlsFingerprint(hash, bytes);
        return true;
    }

    /// <summary>Whether a certificate (DER) is one of those a peer named: by its strongest hash alone (RFC 8122 §5). None named: none is.</summary>
    public static bool Matches(IReadOnlyList<DtlsFingerprint> named, byte[] certificate)
    {
        if (named.Count == 0)
            return false;
        int strongest = named.Max(f => f._hash);
        byte[] hash = s_hashes[strongest].Hash(certificate);
        return named.Any(f => f._hash == strongest && CryptographicOperations.FixedTimeEquals(f._value, hash));
    }

    /// <summary>The value for <c>a=fingerprint:</c>.</summary>
    public override string ToString() => $"{s_hashes[_hash].Name} {string.Join(':', _value.Select(b => b.ToString("X2", null)))}";

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigit(c) ? (c | 0x20) - 'a' + 10 : -1;
}
