using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>An INVITE to send.</summary>
public sealed record OutgoingInvite
{
    /// <summary>Where it goes first.</summary>
    public required Hop Hop { get; init; }

    /// <summary>The request URI.</summary>
    public required string RequestUri { get; init; }

    /// <summary>The From value, a name-addr without tag.</summary>
    public required string From { get; init; }

    /// <summary>The To value, a name-addr.</summary>
    public required string To { get; init; }

    /// <summary>Route values, the first one first.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>What our Contact has behind its URI, feature tags such as <c>;+sip.src</c> (RFC 3840 §9); null for nothing.</summary>
    public string? ContactParameters { get; init; }

    /// <summary>Further headers, in order.</summary>
    public IReadOnlyList<HeaderLine> Headers { get; init; } = [];

    /// <summary>The offer; null for a delayed offer.</summary>
    public Content? Content { get; init; }

    /// <summary>Answers the challenges of the other side, to the INVITE and to all that follows on the leg; null: a 401 or 407 is passed up.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>Extensions that work on the leg, of this leg alone.</summary>
    public IReadOnlyList<LegExtension> Extensions { get; init; } = [];

    /// <summary>What the leg is part of, for whoever sees the messages; null for nothing.</summary>
    public Guid? BelongsTo { get; init; }

    /// <summary>Hops left, 1–255 (RFC 3261 §20.22).</summary>
    public int MaxForwards { get; init; } = 70;

    /// <summary>Whether requests within the dialog go where the INVITE went, rather than where the answer's Contact says.</summary>
    public NatUse Nat { get; init; }
}
