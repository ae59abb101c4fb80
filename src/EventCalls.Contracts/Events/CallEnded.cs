namespace EventCalls.Contracts;

/// <summary>The call is over; the last event of every stream, exactly one. Published by the ingress, or by the recorder for a lost node.</summary>
public sealed record CallEnded : CallEvent
{
    /// <summary>Who ended it.</summary>
    public required CallParty EndedBy { get; init; }

    /// <summary>Why, typed.</summary>
    public required CallEndCause Cause { get; init; }

    /// <summary>The final SIP status given to the caller; null when the call was answered, or its end is unknown.</summary>
    public int? Status { get; init; }

    /// <summary>The <c>Reason</c> header (RFC 3326) that came with the BYE or CANCEL, as received.</summary>
    public string? Reason { get; init; }

    /// <summary>From the INVITE to the end, milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>From the caller's answer to the end, milliseconds; null when never answered.</summary>
    public long? AnsweredMs { get; init; }
}
