namespace EventCalls.Sip.Authentication;

/// <summary>Which realms one request has answered already.</summary>
internal struct AuthorizationTries
{
    private const int Most = 6;

    private List<(bool IsProxy, string Realm, bool WasStale)>? _answered;

    /// <summary>Whether a challenge may be answered: the first of its realm, or one more when the nonce was stale.</summary>
    public bool Take(bool isProxy, string realm, bool isStale)
    {
        _answered ??= [];
        bool answered = false;
        foreach (var earlier in _answered)
        {
            if (earlier.IsProxy != isProxy || earlier.Realm != realm)
                continue;
            if (!isStale || earlier.WasStale)
                return false;
            answered = true;
        }
        if (_answered.Count == Most)
            return false;
        _answered.Add((isProxy, realm, answered));
        return true;
    }
}
