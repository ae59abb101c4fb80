using EventCalls.Sip.Extensions.DigestServer;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Trunks;

/// <summary>The trunks without networks of their own: known by what they prove, wherever they call from.</summary>
internal sealed class RoamingTrunks
{
    private readonly Dictionary<string, Trunk> _byUser = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Trunk> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Trunk[] _byToken;

    /// <summary>Those of the trunks that prove something.</summary>
    /// <exception cref="TelephonyOptionsException">Two of them cannot be told apart.</exception>
    public RoamingTrunks(IReadOnlyList<Trunk> trunks)
    {
        foreach (var trunk in trunks)
            AddNames(trunk);
        _byToken = [.. trunks.Where(t => t.Proof?.TokenHeader is not null)];
        foreach (var trunk in trunks.Where(t => t.Proof is { TokenHeader: null, Digest: not null }))
            Add(trunk, trunk.Proof!.Digest!);
    }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _byToken.Length == 0 && Challenger is null && _byName.Count == 0;

    /// <summary>The names by whose certificates trunks are known.</summary>
    public IReadOnlyList<string> Names => [.. _byName.Keys];

    /// <summary>Whether nobody without such a certificate is known.</summary>
    public bool NeedNames => _byToken.Length == 0 && Challenger is null && _byName.Count > 0;

    /// <summary>Who challenges strangers, as one of the trunks may be one; null when none is known by its user.</summary>
    public DigestGuard? Challenger { get; private set; }

    /// <summary>The trunk whose token the request carries, or whose user it names; null when there is none.</summary>
    public Trunk? Of(SipMessage request)
    {
        foreach (var trunk in _byToken)
        {
            if (trunk.Proof!.HasToken(request))
                return trunk;
        }
        return Challenger is { } challenger && request.Has(HeaderId.Authorization) && DigestGuard.UserOf(request, challenger.Realm) is { } user
            ? _byUser.GetValueOrDefault(user)
            : null;
    }

    /// <summary>The trunk whose name the peer's certificate bears; null when there is none.</summary>
    public Trunk? Of(IReadOnlyList<string> provenNames) => provenNames.Count == 0 ? null : _byName.GetValueOrDefault(provenNames[0]);

    private void AddNames(Trunk trunk)
    {
        foreach (string name in trunk.TlsNames ?? [])
        {
            if (!_byName.TryAdd(name, trunk))
                throw new TelephonyOptionsException($"Trunks:{trunk.Name}:TlsNames", name, $"expected a name of its own, or From beside it; the trunk '{_byName[name].Name}' is known by it");
        }
    }

    private void Add(Trunk trunk, DigestGuard digest)
    {
        // Before anybody has said who they are, they are told one realm.
        if (Challenger is { } other && other.Realm != digest.Realm)
            throw new TelephonyOptionsException($"Trunks:{trunk.Name}:Digest:Realm", digest.Realm, $"expected {other.Realm}, the realm of the other trunks without From, or From beside it");
        foreach (string user in digest.Users)
        {
            if (!_byUser.TryAdd(user, trunk))
                throw new TelephonyOptionsException($"Trunks:{trunk.Name}:Digest:Users:{user}", "…", $"expected a user of its own; the trunk '{_byUser[user].Name}' has it");
        }
        Challenger ??= digest;
    }
}
