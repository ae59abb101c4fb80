using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Authentication;

/// <summary>What the other side of a leg has challenged us with, realm by realm, and the credentials that answer it (RFC 3261 §22.2, RFC 7616 §3.4).</summary>
/// <remarks>A realm that challenged once is answered unasked from then on, with the next nonce count each time.</remarks>
internal sealed class Authorizations(Credentials credentials, RandomSource random)
{
    private readonly List<Realm> _realms = [];

    public Credentials Credentials { get; } = credentials;

    /// <summary>The header lines of a request that is about to leave; null as long as nothing was challenged.</summary>
    public List<HeaderLine>? Of(SipMethod method, ReadOnlySpan<byte> requestUri, Content? content = null)
    {
        if (_realms.Count == 0)
            return null;
        string name = SipText.Get(SipMethods.Name(method));
        string uri = SipText.Get(requestUri);
        var lines = new List<HeaderLine>(_realms.Count);
        foreach (var realm in _realms)
        {
            string value = Digest.Answer(realm.Challenge, name, uri, Credentials, ++realm.Count, realm.Cnonce, content is null ? default : content.Body.Span);
            lines.Add(new HeaderLine(realm.IsProxy ? "Proxy-Authorization" : "Authorization", value));
        }
        return lines;
    }

    /// <summary>Keeps what a 401 or 407 asks for; whether the request is worth sending again with <see cref="Of"/>.</summary>
    /// <remarks>
    /// A realm is answered once per request, and once more when it says that the nonce was stale: whatever else it asks for after an answer means
    /// that the credentials are wrong. So the tries of a request come to an end whatever is said to it.
    /// </remarks>
    public bool Take(SipMessage response, ref AuthorizationTries tries)
    {
        bool isProxy = response.StatusCode == 407;
        var challenges = Digest.ChallengesOf(response, Credentials);
        if (challenges.Count == 0)
            return false;
        foreach (var challenge in challenges)
        {
            if (!tries.Take(isProxy, challenge.Realm, challenge.IsStale))
                return false;
        }
        foreach (var challenge in challenges)
            Keep(isProxy, challenge);
        return true;
    }

    private void Keep(bool isProxy, DigestChallenge challenge)
    {
        int at = _realms.FindIndex(r => r.IsProxy == isProxy && r.Challenge.Realm == challenge.Realm);
        var realm = new Realm(isProxy, challenge, Digest.NewCnonce(random));
        if (at < 0)
            _realms.Add(realm);
        else
            _realms[at] = realm;
    }

    private sealed class Realm(bool isProxy, DigestChallenge challenge, string cnonce)
    {
        public bool IsProxy { get; } = isProxy;

        public DigestChallenge Challenge { get; } = challenge;

        /// <summary>One for each nonce, so that a session's secret stays what it was (RFC 7616 §3.4.2).</summary>
        public string Cnonce { get; } = cnonce;

        public uint Count { get; set; }
    }
}
