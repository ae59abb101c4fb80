using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.DigestServer;

/// <summary>Asks senders of requests who they are, and checks what they answer: digest authentication as a user agent server (RFC 3261 §22.2, RFC 7616, RFC 8760).</summary>
/// <remarks>Safe from any thread. It knows no clock: the time is passed in, milliseconds of the Unix epoch. No secret of it is in any text it makes.</remarks>
public sealed class DigestGuard
{
    private const int MostNonces = 50_000;
    private const int NonceSeconds = 300;
    // Clocks are set back at times.
    private const int EarlySeconds = 60;

    private readonly Dictionary<string, DigestUser> _users = new(StringComparer.Ordinal);
    private readonly DigestAlgorithm[] _algorithms;
    private readonly NonceSource _nonces;
    private readonly NonceCounts _counts;
    private readonly Lock _lock = new();

    /// <summary>A guard of a realm.</summary>
    /// <param name="realm">What users are told to authenticate for.</param>
    /// <param name="users">Who may.</param>
    /// <param name="algorithms">The names of the algorithms to offer, <c>MD5</c> and <c>SHA-256</c>; empty for all for which every user has a secret. The strongest is offered first (RFC 8760 §2.4).</param>
    /// <param name="secret">What nonces are proven with, 32 bytes or more that nobody can guess; of this process alone.</param>
    /// <exception cref="ArgumentException">No algorithm is left that all users have a secret for.</exception>
    public DigestGuard(string realm, IReadOnlyCollection<DigestUser> users, IReadOnlyCollection<string> algorithms, byte[] secret)
        : this(realm, users, algorithms, secret, MostNonces)
    {
    }

    internal DigestGuard(string realm, IReadOnlyCollection<DigestUser> users, IReadOnlyCollection<string> algorithms, byte[] secret, int mostNonces)
    {
        ArgumentNullException.ThrowIfNull(users);
        ArgumentNullException.ThrowIfNull(algorithms);
        Realm = realm;
        foreach (var user in users)
            _users[user.Name] = user;
        var named = algorithms.Select(name => DigestAlgorithms.Of(name, out bool isSession) is var algorithm && isSession ? DigestAlgorithm.Unsupported : algorithm).ToArray();
        _algorithms = [.. new[] { DigestAlgorithm.Sha256, DigestAlgorithm.Md5 }.Where(a => (named.Length == 0 || named.Contains(a)) && users.All(u => u.SecretFor(a) is not null))];
        if (_algorithms.Length == 0)
            throw new ArgumentException("There is no algorithm for which every user has a secret.", nameof(users));
        _nonces = new NonceSource(secret);
        _counts = new NonceCounts(mostNonces);
    }

    /// <summary>The realm.</summary>
    public string Realm { get; }

    /// <summary>The users' names.</summary>
    public IReadOnlyCollection<string> Users => _users.Keys;

    /// <summary>The user that a request says it is of, whether that is true or not; null when it has no credentials for the realm.</summary>
    public static string? UserOf(SipMessage request, string realm) => DigestAnswer.Of(request, realm)?.UserName;

    /// <summary>Checks a request's credentials; a nonce count is used up by it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The time, milliseconds of the Unix epoch.</param>
    public DigestVerdict Check(SipMessage request, long now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.Has(HeaderId.Authorization) || DigestAnswer.Of(request, Realm) is not { } answer)
            return DigestVerdict.Missing;
        if (Array.IndexOf(_algorithms, answer.Algorithm) < 0 || !TryReadCount(answer, out uint count))
            return DigestVerdict.Wrong;
        var user = _users.GetValueOrDefault(answer.UserName);
        // Whether there is such a user must not show in the time it takes.
        string secret = user?.SecretFor(answer.Algorithm) ?? answer.Algorithm.Hash(answer.UserName);
        bool isRight = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Expected(answer, secret, request)), Encoding.UTF8.GetBytes(answer.Response.ToLowerInvariant()));
        if (user is null || !isRight)
            return DigestVerdict.Wrong;
        // Only whoever knows the password is told that the nonce was the fault (RFC 7616 §3.3).
        return _nonces.TryRead(answer.Nonce, out uint madeAt, out var id) && IsFresh(madeAt, now) && TryUse(id, madeAt, count, now) ? DigestVerdict.Right : DigestVerdict.Stale;
    }

    /// <summary>The WWW-Authenticate fields of a 401, each with its CR and LF, the strongest algorithm first.</summary>
    /// <param name="request">The request that is challenged.</param>
    /// <param name="now">The time, milliseconds of the Unix epoch.</param>
    /// <param name="isStale">Whether the password was right and the nonce too old, or used before.</param>
    public byte[] Challenge(SipMessage request, long now, bool isStale)
    {
        ArgumentNullException.ThrowIfNull(request);
        string nonce = _nonces.New(request, now);
        var text = new StringBuilder(512);
        foreach (var algorithm in _algorithms)
        {
            text.Append(CultureInfo.InvariantCulture, $"WWW-Authenticate: Digest realm=\"{Realm}\", nonce=\"{nonce}\", opaque=\"{_nonces.Opaque}\", algorithm={(algorithm == DigestAlgorithm.Sha256 ? "SHA-256" : "MD5")}, qop=\"auth,auth-int\"");
            text.Append(isStale ? ", stale=true\r\n" : "\r\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static bool TryReadCount(DigestAnswer answer, out uint count)
    {
        count = 1;
        return answer.Qop is null
            || ((answer.Qop.Equals("auth", StringComparison.OrdinalIgnoreCase) || IsIntegrity(answer))
                && answer.Nc.Length == 8 && uint.TryParse(answer.Nc, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out count) && count > 0);
    }

    private static bool IsIntegrity(DigestAnswer answer) => "auth-int".Equals(answer.Qop, StringComparison.OrdinalIgnoreCase);

    /// <summary>The response that the right password makes (RFC 7616 §3.4.1); without qop that of RFC 2069, whose nonces can be used once (RFC 3261 §22.4).</summary>
    private static string Expected(DigestAnswer answer, string secret, SipMessage request)
    {
        var hash = answer.Algorithm;
        string about = $"{SipText.Get(request.MethodName)}:{answer.Uri}";
        string what = hash.Hash(IsIntegrity(answer) ? $"{about}:{hash.Hash(request.Body)}" : about);
        return hash.Hash(answer.Qop is null ? $"{secret}:{answer.Nonce}:{what}" : $"{secret}:{answer.Nonce}:{answer.Nc}:{answer.Cnonce}:{answer.Qop}:{what}");
    }

    private static bool IsFresh(uint madeAt, long now) => madeAt >= (now / 1000) - NonceSeconds && madeAt <= (now / 1000) + EarlySeconds;

    private bool TryUse(UInt128 id, uint madeAt, uint count, long now)
    {
        lock (_lock)
            return _counts.TryUse(id, madeAt, count, (uint)((now / 1000) - NonceSeconds));
    }
}

/// <summary>What a request's credentials are worth.</summary>
public enum DigestVerdict
{
    /// <summary>It has none for the realm.</summary>
    Missing,

    /// <summary>They are not those of a user.</summary>
    Wrong,

    /// <summary>The password is right; the nonce is too old, was used before, or is another process's.</summary>
    Stale,

    /// <summary>They are right.</summary>
    Right,
}
