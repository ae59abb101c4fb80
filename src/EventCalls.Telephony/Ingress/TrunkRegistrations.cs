using EventCalls.Contracts;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Ingress;

/// <summary>Registers with the trunks that ask for it (<c>Trunks:NAME:Register</c>), for as long as the node takes calls.</summary>
/// <remarks>The registrations live on one shard; this is safe from any thread.</remarks>
internal sealed class TrunkRegistrations
{
    private readonly CallShard _shard;
    private readonly TrunkRegistration[] _all;

    /// <summary>None is begun yet.</summary>
    public TrunkRegistrations(CallShard shard)
    {
        _shard = shard;
        _all = [.. shard.Trunks.Registering.Select(t => new TrunkRegistration(shard, t))];
    }

    /// <summary>Whether some are not removed yet.</summary>
    public bool AreLeft => _all.Any(r => !r.IsRemoved);

    /// <summary>How they are, one sentence for each; null when there are none.</summary>
    public string? Describe() => _all.Length == 0 ? null : string.Join(" ", _all.Select(r => r.Describe()));

    /// <summary>How the one with a trunk is; null when there is none.</summary>
    public RegistrationReport? Report(Trunk trunk) => Array.Find(_all, r => r.Trunk == trunk)?.Report();

    /// <summary>Begins to register.</summary>
    public void Start() => Each(static r => r.Start());

    /// <summary>Takes the registrations back; <see cref="AreLeft"/> says when that is done.</summary>
    public void Remove() => Each(static r => r.Remove());

    private void Each(Action<TrunkRegistration> what)
    {
        foreach (var registration in _all)
            _shard.Post(new Work(registration, what));
    }

    private sealed class Work(TrunkRegistration registration, Action<TrunkRegistration> what) : ShardWork
    {
        protected override void Run() => what(registration);
    }
}
