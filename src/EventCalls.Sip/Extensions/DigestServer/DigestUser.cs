using EventCalls.Sip.Authentication;

namespace EventCalls.Sip.Extensions.DigestServer;

/// <summary>Somebody who may authenticate, and the secret that proves it: a password, or its hash with user and realm (HA1) for one algorithm.</summary>
public sealed class DigestUser
{
    private const string Md5Prefix = "{MD5}";
    private const string Sha256Prefix = "{SHA-256}";

    private readonly string? _md5;
    private readonly string? _sha256;

    private DigestUser(string name, string? md5, string? sha256) => (Name, _md5, _sha256) = (name, md5, sha256);

    /// <summary>The user name.</summary>
    public string Name { get; }

    /// <summary>Reads a secret: a password, or <c>{MD5}</c> or <c>{SHA-256}</c> with the HA1 in hexadecimal behind it (RFC 7616 §3.4.2).</summary>
    /// <returns>Null when the name or the hash cannot be used.</returns>
    public static DigestUser? Of(string name, string realm, string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (string.IsNullOrEmpty(name) || name.AsSpan().ContainsAny("\"\\:\r\n\0"))
            return null;
        if (secret.StartsWith(Md5Prefix, StringComparison.OrdinalIgnoreCase))
            return Hash(secret[Md5Prefix.Length..], 32) is { } md5 ? new DigestUser(name, md5, null) : null;
        if (secret.StartsWith(Sha256Prefix, StringComparison.OrdinalIgnoreCase))
            return Hash(secret[Sha256Prefix.Length..], 64) is { } sha256 ? new DigestUser(name, null, sha256) : null;
        string text = $"{name}:{realm}:{secret}";
        return new DigestUser(name, DigestAlgorithm.Md5.Hash(text), DigestAlgorithm.Sha256.Hash(text));
    }

    /// <summary>Without the secret, so that it never reaches a log.</summary>
    public override string ToString() => Name;

    /// <summary>The HA1; null when it is not known for the algorithm.</summary>
    internal string? SecretFor(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => _md5,
        DigestAlgorithm.Sha256 => _sha256,
        _ => null,
    };

    private static string? Hash(string text, int length) =>
        text.Length == length && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : null;
}
