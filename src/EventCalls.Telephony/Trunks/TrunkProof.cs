using System.Security.Cryptography;
using System.Text;
using EventCalls.Sip.Extensions.DigestServer;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Trunks;

/// <summary>What a trunk's calls prove beside where they come from. No secret of it is in any text it makes.</summary>
internal sealed class TrunkProof
{
    // Of this process alone: a nonce of another one is stale.
    private static readonly byte[] s_secret = RandomNumberGenerator.GetBytes(32);

    private readonly byte[]? _token;

    private TrunkProof(DigestGuard? digest, byte[]? tokenHeader, byte[]? token)
    {
        Digest = digest;
        TokenHeader = tokenHeader;
        _token = token;
    }

    /// <summary>Who asks for user and password; null when nobody does.</summary>
    public DigestGuard? Digest { get; }

    /// <summary>The header that carries the token; null when there is none.</summary>
    public byte[]? TokenHeader { get; }

    /// <summary>Whether the request carries the trunk's token.</summary>
    public bool HasToken(SipMessage request)
    {
        if (TokenHeader is null || _token is null)
            return false;
        var said = request.Header(TokenHeader);
        // Both are hashed, so that neither the token nor its length shows in the time it takes.
        Span<byte> one = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> other = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(said, one);
        SHA256.HashData(_token, other);
        return CryptographicOperations.FixedTimeEquals(one, other);
    }

    /// <summary>Of a trunk's options; null when they ask for nothing.</summary>
    /// <exception cref="TelephonyOptionsException">They cannot be used.</exception>
    public static TrunkProof? Of(TrunkOptions options)
    {
        string key = $"Trunks:{options.Name}";
        if (options.TokenHeader is null != options.Token is null)
            throw new TelephonyOptionsException($"{key}:{(options.TokenHeader is null ? "TokenHeader" : "Token")}", null, "expected TokenHeader and Token, or neither");
        var digest = options.Digest is { Users.Count: > 0 } asked ? Guard(asked, key) : null;
        if (options.TokenHeader is not { } header)
            return digest is null ? null : new TrunkProof(digest, null, null);
        if (!SipText.IsToken(header) || HeaderNames.Of(Encoding.ASCII.GetBytes(header)) != HeaderId.Other)
            throw new TelephonyOptionsException($"{key}:TokenHeader", header, "expected the name of a header of its own, such as X-Trunk-Token");
        string token = options.Token!.Trim();
        if (token.Length < 8 || !SipText.IsSafeHeaderValue(token))
            throw new TelephonyOptionsException($"{key}:Token", "…", "expected at least 8 characters that can stand in a header, such as openssl rand -hex 16 makes");
        return new TrunkProof(digest, Encoding.ASCII.GetBytes(header), Encoding.UTF8.GetBytes(token));
    }

    private static DigestGuard Guard(DigestOptions options, string key)
    {
        if (options.Realm.Length == 0 || options.Realm.AsSpan().ContainsAny("\"\\") || !SipText.IsSafeHeaderValue(options.Realm))
            throw new TelephonyOptionsException($"{key}:Digest:Realm", options.Realm, "expected a text without quotes, such as sip.example.com");
        for (int i = 0; i < options.Algorithms.Count; i++)
        {
            if (options.Algorithms[i] is not ("MD5" or "SHA-256"))
                throw new TelephonyOptionsException($"{key}:Digest:Algorithms:{i}", options.Algorithms[i], "expected MD5 or SHA-256");
        }
        var users = new List<DigestUser>(options.Users.Count);
        foreach (var (name, secret) in options.Users)
        {
            users.Add(secret.Length > 0 && DigestUser.Of(name, options.Realm, secret) is { } user ? user
                : throw new TelephonyOptionsException($"{key}:Digest:Users:{name}", "…", "expected a user name without quotes and colons, and its password, or {MD5} or {SHA-256} with the hash of user:realm:password in hexadecimal behind it"));
        }
        try
        {
            return new DigestGuard(options.Realm, users, options.Algorithms, s_secret);
        }
        catch (ArgumentException)
        {
            throw new TelephonyOptionsException($"{key}:Digest:Algorithms", string.Join(", ", options.Algorithms), "expected an algorithm for which every user has a secret: give passwords, or hashes of one kind for all");
        }
    }
}
