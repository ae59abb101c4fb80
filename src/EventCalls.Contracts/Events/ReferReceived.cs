namespace EventCalls.Contracts;

/// <summary>One side of the call asked us, by REFER (RFC 3515), to connect the other side with somebody else. Published by the ingress.</summary>
public sealed record ReferReceived : CallEvent
{
    /// <summary>Who asked: <c>caller</c> or <c>target</c>.</summary>
    public required string Leg { get; init; }

    /// <summary>The URI it refers to, as received, with the headers behind its <c>?</c>.</summary>
    public required string ReferTo { get; init; }

    /// <summary>The number or URI to call: the same without those headers.</summary>
    public required string Target { get; init; }

    /// <summary>The headers behind the <c>?</c> of the URI, unescaped, in order; Replaces is not among them.</summary>
    public IReadOnlyList<SipHeader> Headers { get; init; } = [];

    /// <summary>The dialog that the new call is to take the place of (RFC 3891): an attended transfer. Null for none.</summary>
    public string? Replaces { get; init; }

    /// <summary>Who refers, as received (RFC 3892); null when that was not said.</summary>
    public string? ReferredBy { get; init; }

    /// <summary>What is configured to be done with a REFER of this side.</summary>
    public required ReferPolicy Policy { get; init; }

    /// <summary>The outbound endpoint by which a number that it refers to is called; null when it refers to a URI, or there is none.</summary>
    public string? OutboundEndpoint { get; init; }

    /// <summary>The SIP status it was answered with: 202, or why not.</summary>
    public required int Status { get; init; }
}
