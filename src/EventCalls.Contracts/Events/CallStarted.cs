namespace EventCalls.Contracts;

/// <summary>A trunk's INVITE was accepted for routing; the first event of every stream. Published by the ingress.</summary>
public sealed record CallStarted : CallEvent
{
    /// <summary>The node that owns the call's dialogs.</summary>
    public required string Node { get; init; }

    /// <summary>The configured trunk the call came in on.</summary>
    public required string Trunk { get; init; }

    /// <summary><c>udp</c>, <c>tcp</c> or <c>tls</c>; empty when what the call was imported from does not say.</summary>
    public required string Transport { get; init; }

    /// <summary>Where the INVITE came from, <c>address:port</c>.</summary>
    public required string RemoteEndPoint { get; init; }

    /// <summary>The SIP Call-ID of the caller's leg.</summary>
    public required string SipCallId { get; init; }

    /// <summary>The request URI as received.</summary>
    public required string RequestUri { get; init; }

    /// <summary>The caller's number or user part by the rule in <c>docs/numbers.md</c>; empty when withheld.</summary>
    public required string CallerNumber { get; init; }

    /// <summary>The dialled number or user part by the rule in <c>docs/numbers.md</c>.</summary>
    public required string CalleeNumber { get; init; }

    /// <summary>All header fields in order, repeated ones repeated; secrets (credentials) redacted.</summary>
    public required IReadOnlyList<SipHeader> Headers { get; init; }

    /// <summary>The offered session description, as received; null when the INVITE carried none.</summary>
    public string? OfferedMedia { get; init; }

    /// <summary>What the checks of its Identity headers came to, one for each, in their order; null when there is none, or nothing to check them with is configured.</summary>
    public IReadOnlyList<IdentityCheck>? Identity { get; init; }

    /// <summary>The name of the capture or table the call was imported from; null for a call that this service received itself.</summary>
    public string? ImportedFrom { get; init; }

    /// <summary>When the caller's data were masked in the stream, UTC; null when they were not.</summary>
    public DateTimeOffset? MaskedAt { get; init; }
}
