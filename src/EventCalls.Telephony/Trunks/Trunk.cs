using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Reliable;
using EventCalls.Sip.Resolving;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Trunks;

/// <summary>A trunk, ready for use.</summary>
internal sealed class Trunk(TrunkOptions options, IReadOnlyList<TrunkTarget> targets)
{
    private readonly TrunkTarget[] _targets = [.. targets.OrderBy(t => t.Priority ?? 0)];

    /// <summary>The <see cref="SessionTimer"/> of a trunk that has none.</summary>
    public const int NoSessionTimer = 0;

    /// <summary>Its configured name.</summary>
    public string Name => options.Name;

    /// <summary>Where it is reached, best first; empty when it is no outbound endpoint.</summary>
    public IReadOnlyList<OutboundAddress> Addresses { get; } = [.. targets.OrderBy(t => t.Priority ?? 0).Select(t => t.Address)];

    /// <summary>Whether calls are shared among the places where it is reached; else they are tried as configured.</summary>
    public bool HasShares { get; } = targets.Count > 1 && targets.Any(t => t.Priority is not null || t.HasWeight);

    /// <summary>The places in the order in which one call tries them.</summary>
    public IReadOnlyList<OutboundAddress> InOrder(RandomSource random) =>
        [.. WeightedOrder.Of(_targets, static t => t.Priority ?? 0, static t => t.Weight, random).Select(t => t.Address)];

    /// <summary>Whether calls can be sent out on it.</summary>
    public bool IsOutbound => Addresses.Count > 0;

    /// <summary>The names of which its certificate must bear one; null where nothing was said.</summary>
    public IReadOnlyList<string>? TlsNames { get; } = options.TlsNames.Count == 0 ? null : options.TlsNames;

    /// <summary>How often its servers are asked whether they are there, seconds; 0 for never.</summary>
    public int HealthSeconds => options.HealthSeconds;

    /// <summary>What proves who calls; null where nothing is to be proven.</summary>
    public TrunkProof? Proof { get; } = TrunkProof.Of(options);

    /// <summary>Where we register with it; null for nowhere.</summary>
    public TrunkRegistrar? Registrar { get; } = TrunkRegistrar.Of(options, targets);

    /// <summary>Whether its registrar's servers call in on it, as no networks are named.</summary>
    public bool IsCalledFromRegistrar => Registrar is not null && options.From.Count == 0;

    /// <summary>How many calls it has, and may begin.</summary>
    public TrunkLoad Load { get; } = new(options);

    /// <summary>Where the caller id goes.</summary>
    public CallerIdIn CallerIdIn => options.CallerIdIn;

    /// <summary>What is done with its REFERs.</summary>
    public ReferPolicy Refer => options.Refer;

    /// <summary>The endpoint by which numbers are called that it refers to; null when it is not said.</summary>
    public string? ReferEndpoint => options.ReferEndpoint;

    /// <summary>The session interval that is asked of it, seconds; <see cref="NoSessionTimer"/>: there is none; null: what it asks for is done.</summary>
    public int? SessionTimer => options.SessionTimer;

    /// <summary>Whether provisional responses are acknowledged.</summary>
    public ReliableUse Reliable => options.Reliable;

    /// <summary>Where the media of its calls goes; null when that is not said.</summary>
    public MediaMode? Media => options.Media;

    /// <summary>How its media is to be protected when we describe the session first.</summary>
    public MediaProtection Srtp => options.Srtp;

    /// <summary>Whether its media is to be protected, which is done where it goes through the node or an engine.</summary>
    public bool IsProtected => options.Srtp != MediaProtection.None;

    /// <summary>Whether its audio is turned into another codec where it has none in common with the other side.</summary>
    public bool Transcodes => options.Transcode;

    /// <summary>Whether its calls are recorded.</summary>
    public bool Record => options.Record;

    /// <summary>How many 3xx are followed.</summary>
    public int FollowRedirects => options.FollowRedirects;

    /// <summary>How it is told whom the call was for.</summary>
    public DiversionIn Diversion => options.Diversion;

    /// <summary>Whether its calls must carry an Identity header that is valid.</summary>
    public bool RequiresIdentity => options.RequiresIdentity;

    /// <summary>Whether large requests go to it over TCP.</summary>
    public bool LargeByTcp => options.LargeByTcp;

    /// <summary>Whether requests within its calls go where it was heard from.</summary>
    public NatUse Nat => options.Nat;

    /// <summary>Which headers of the caller's INVITE it is sent.</summary>
    public PassedHeaders Passed { get; } = PassedHeaders.TryParse(options.PassHeaders, out var passed, out _, out _) ? passed : PassedHeaders.None;

    /// <summary>Whether it is sent the Identity headers of the caller's INVITE.</summary>
    public bool PassesIdentity => options.PassesIdentity;

    /// <summary>What its challenges are answered with; null for none.</summary>
    public Credentials? Credentials { get; } = options is { UserName: { } user, Password: { } password } ? new Credentials(user, password) : null;

    /// <summary>What may be called by way of it; null where nothing was said.</summary>
    public DialTargets? Targets { get; } = options.Targets.Count == 0 ? null : new DialTargets($"Trunks:{options.Name}:Targets", options.Targets);

    /// <summary>The user name to authenticate with; null for none.</summary>
    public string? UserName => options.UserName;

    /// <summary>The password to authenticate with.</summary>
    public string? Password => options.Password;
}
