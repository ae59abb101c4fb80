using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.Refer;

/// <summary>A REFER to send within a leg's dialog (RFC 3515).</summary>
public sealed record OutgoingRefer
{
    /// <summary>The URI referred to, without angle brackets.</summary>
    public required string ReferTo { get; init; }

    /// <summary>Who refers, a name-addr (RFC 3892); null: not said.</summary>
    public string? ReferredBy { get; init; }

    /// <summary>Further headers, in order.</summary>
    public IReadOnlyList<HeaderLine> Headers { get; init; } = [];

    /// <summary>False asks for no implicit subscription (RFC 4488); the peer may make one all the same.</summary>
    public bool WantSubscription { get; init; } = true;

    /// <summary>Answers a 401 or 407 in place of the leg's own credentials; null: those.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>How long after the 2xx the final NOTIFY may take, milliseconds.</summary>
    public int NotifyTimeoutMs { get; init; } = 60_000;
}
