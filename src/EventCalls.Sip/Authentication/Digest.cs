using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Authentication;

/// <summary>Answers digest challenges as a client (RFC 3261 §22, RFC 7616, RFC 8760).</summary>
public static class Digest
{
    /// <summary>
    /// Answers the strongest challenge of a 401 or 407 that the credentials fit. False when there is none: another realm, an
    /// algorithm or a quality of protection that is not supported. auth-int, which protects the body, is used where auth is not offered. The same nonce must come with a growing <paramref name="nonceCount"/>, from 1.
    /// </summary>
    /// <param name="response">The challenging response.</param>
    /// <param name="method">The method of the request that is sent again.</param>
    /// <param name="uri">Its Request-URI.</param>
    /// <param name="credentials">The user and the password.</param>
    /// <param name="nonceCount">How many requests, with this one, were sent with the nonce.</param>
    /// <param name="cnonce">A fresh random text, of token characters.</param>
    /// <param name="body">Its body, which auth-int hashes (RFC 7616 §3.4.3).</param>
    /// <param name="header">Authorization or Proxy-Authorization.</param>
    /// <param name="value">Its value.</param>
    public static bool TryAnswer(
        SipMessage response, string method, string uri, Credentials credentials, uint nonceCount, string cnonce, ReadOnlySpan<byte> body, out HeaderId header, out string value)
    {
        var isProxy = response.StatusCode == 407;
        header = isProxy ? HeaderId.ProxyAuthorization : HeaderId.Authorization;
        value = "";
        if (!isProxy && response.StatusCode != 401)
            return false;
        DigestChallenge? challenge = null;
        foreach (var offered in ChallengesOf(response, credentials))
        {
            if (challenge is null || offered.Algorithm > challenge.Algorithm)
                challenge = offered;
        }
        if (challenge is null)
            return false;
        value = Answer(challenge, method, uri, credentials, nonceCount, cnonce, body);
        return true;
    }

    /// <summary>The challenges of a 401 or 407 that the credentials fit, of each realm the strongest.</summary>
    /// <remarks>The strongest: who takes the weakest offered lets anybody on the way choose it (RFC 8760 §2.4 leaves it to policy).</remarks>
    internal static List<DigestChallenge> ChallengesOf(SipMessage response, Credentials credentials)
    {
        var best = new List<DigestChallenge>(1);
        if (!SipText.IsSafeHeaderValue(credentials.UserName))
            return best;
        foreach (var field in response.Values(response.StatusCode == 407 ? HeaderId.ProxyAuthenticate : HeaderId.WwwAuthenticate))
        {
            var challenge = DigestChallenge.Read(field);
            if (challenge is null || challenge.Algorithm == DigestAlgorithm.Unsupported || (challenge.HasQop && !challenge.OffersAuth && !challenge.OffersAuthInt))
                continue;
            if (credentials.Realm is not null && credentials.Realm != challenge.Realm)
                continue;
            int at = best.FindIndex(b => b.Realm == challenge.Realm);
            if (at < 0)
                best.Add(challenge);
            else if (challenge.Algorithm > best[at].Algorithm)
                best[at] = challenge;
        }
        return best;
    }

    /// <summary>A client nonce (RFC 7616 §3.4).</summary>
    internal static string NewCnonce(RandomSource random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    internal static string Answer(DigestChallenge challenge, string method, string uri, Credentials credentials, uint nonceCount, string cnonce, ReadOnlySpan<byte> body)
    {
        var hash = challenge.Algorithm;
        var nc = nonceCount.ToString("x8");
        var secret = hash.Hash($"{credentials.UserName}:{challenge.Realm}:{credentials.Password}");
        if (challenge.IsSession)
            secret = hash.Hash($"{secret}:{challenge.Nonce}:{cnonce}");
        // Without a body it is that of an empty one which is hashed (§3.4.3).
        string qop = challenge.OffersAuth ? "auth" : "auth-int";
        var request = hash.Hash(challenge.HasQop && !challenge.OffersAuth ? $"{method}:{uri}:{hash.Hash(body)}" : $"{method}:{uri}");
        var proof = hash.Hash(challenge.HasQop
            ? $"{secret}:{challenge.Nonce}:{nc}:{cnonce}:{qop}:{request}"
            : $"{secret}:{challenge.Nonce}:{request}");

        var text = new StringBuilder(320);
        text.Append($"Digest username=\"{Quote(credentials.UserName)}\", realm=\"{challenge.Realm}\", nonce=\"{challenge.Nonce}\", uri=\"{uri}\", response=\"{proof}\"");
        if (challenge.AlgorithmName.Length > 0)
            text.Append($", algorithm={challenge.AlgorithmName}");
        if (challenge.Opaque is not null)
            text.Append($", opaque=\"{challenge.Opaque}\"");
        if (challenge.HasQop)
            text.Append($", qop={qop}, nc={nc}, cnonce=\"{cnonce}\"");
        else if (challenge.IsSession)
            text.Append($", cnonce=\"{cnonce}\"");
        return text.ToString();
    }

    private static string Quote(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
