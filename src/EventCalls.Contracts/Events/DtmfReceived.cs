namespace EventCalls.Contracts;

/// <summary>A digit was pressed (RFC 4733, or SIP INFO). Published by the ingress, or by media.</summary>
public sealed record DtmfReceived : CallEvent
{
    /// <summary>Who pressed it: <c>caller</c> or <c>target</c>; null when not known.</summary>
    public string? Leg { get; init; }

    /// <summary>One of 0–9, *, #, A–D.</summary>
    public required string Digit { get; init; }

    /// <summary>How long it was held, milliseconds; null when unknown.</summary>
    public int? DurationMs { get; init; }
}
