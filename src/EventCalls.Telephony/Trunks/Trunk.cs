using EventCalls.Contracts;
using EventCalls.Sip.Authentication;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Trunks;

/// <summary>A trunk, ready for use.</summary>
internal sealed class Trunk(TrunkOptions options, IReadOnlyList<OutboundAddress> addresses)
{
    /// <summary>Its configured name.</summary>
    public string Name => options.Name;

    /// <summary>Where it is reached, best first; empty when it is no outbound endpoint.</summary>
    public IReadOnlyList<OutboundAddress> Addresses { get; } = addresses;

    /// <summary>Whether calls can be sent out on it.</summary>
    public bool IsOutbound => Addresses.Count > 0;

    /// <summary>The names of which its certificate must bear one; null where nothing was said.</summary>
    public IReadOnlyList<string>? TlsNames { get; } = options.TlsNames.Count == 0 ? null : options.TlsNames;

    /// <summary>What proves who calls; null where nothing is to be proven.</summary>
    public TrunkProof? Proof { get; } = TrunkProof.Of(options);

    /// <summary>How many calls it may begin; null where that is not limited.</summary>
    public TrunkLoad? Load { get; } = TrunkLoad.Of(options);

    /// <summary>Where the caller id goes.</summary>
    public CallerIdIn CallerIdIn => options.CallerIdIn;

    /// <summary>What is done with its REFERs.</summary>
    public ReferPolicy Refer => options.Refer;

    /// <summary>The endpoint by which numbers are called that it refers to; null when it is not said.</summary>
    public string? ReferEndpoint => options.ReferEndpoint;

    /// <summary>What its challenges are answered with; null for none.</summary>
    public Credentials? Credentials { get; } = options is { UserName: { } user, Password: { } password } ? new Credentials(user, password) : null;

    /// <summary>The user name to authenticate with; null for none.</summary>
    public string? UserName => options.UserName;

    /// <summary>The password to authenticate with.</summary>
    public string? Password => options.Password;
}
