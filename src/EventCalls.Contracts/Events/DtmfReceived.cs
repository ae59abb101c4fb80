namespace EventCalls.Contracts;

/// <summary>A digit was pressed (RFC 4733, or SIP INFO). Published by the ingress, or by media.</summary>
public sealed record DtmfReceived : CallEvent
{
    /// <summary>What <see cref="Digit"/> says of a digit that is not recorded, as the recording is paused, or the handoff says that the two are not recorded.</summary>
    public const string Withheld = "withheld";

    /// <summary>Who pressed it: <c>caller</c> or <c>target</c>; null when not known.</summary>
    public string? Leg { get; init; }

    /// <summary>One of 0–9, *, #, A–D; <c>withheld</c> for one that was pressed while the recording is paused, or with a target that is not recorded (<c>record: false</c>).</summary>
    public required string Digit { get; init; }

    /// <summary>How long it was held, milliseconds; null when unknown, or withheld.</summary>
    public int? DurationMs { get; init; }
}
