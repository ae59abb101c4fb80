using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Sip.Authentication;

/// <summary>Names and hashes of <see cref="DigestAlgorithm"/>.</summary>
internal static class DigestAlgorithms
{
    private const string SessionSuffix = "-sess";

    /// <summary>The algorithm of a challenge; MD5 when it names none (RFC 7616 §3.3).</summary>
    internal static DigestAlgorithm Of(string name, out bool isSession)
    {
        isSession = name.EndsWith(SessionSuffix, StringComparison.OrdinalIgnoreCase);
        var hash = isSession ? name.AsSpan(0, name.Length - SessionSuffix.Length) : name;
        if (hash.Equals("SHA-256", StringComparison.OrdinalIgnoreCase))
            return DigestAlgorithm.Sha256;
        return hash.IsEmpty || hash.Equals("MD5", StringComparison.OrdinalIgnoreCase) ? DigestAlgorithm.Md5 : DigestAlgorithm.Unsupported;
    }

    /// <summary>The hash of UTF-8 text in lower-case hexadecimal.</summary>
    internal static string Hash(this DigestAlgorithm algorithm, string text) => algorithm.Hash(Encoding.UTF8.GetBytes(text));

    /// <summary>The hash of bytes in lower-case hexadecimal.</summary>
    internal static string Hash(this DigestAlgorithm algorithm, ReadOnlySpan<byte> bytes) =>
        Convert.ToHexStringLower(algorithm == DigestAlgorithm.Sha256 ? SHA256.HashData(bytes) : MD5.HashData(bytes));
}
