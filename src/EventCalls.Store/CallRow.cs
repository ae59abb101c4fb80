using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>One call in the <c>calls</c> projection: its stream folded to what lists, searches and the closing of lost calls need.</summary>
/// <remarks>Texts that are searched hold at most <see cref="CallProjection.MaxText"/> characters; times are whole microseconds.</remarks>
public sealed record CallRow
{
    /// <summary>The call.</summary>
    public required Guid CallId { get; init; }

    /// <summary>The SIP Call-ID of the caller's leg.</summary>
    public string SipCallId { get; init; } = "";

    /// <summary>When the call started, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the caller's leg was answered, UTC; null when it was not.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When the call ended, UTC; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The caller's number; empty when withheld.</summary>
    public string Caller { get; init; } = "";

    /// <summary>The dialled number.</summary>
    public string Callee { get; init; } = "";

    /// <summary>The trunk the call came in on.</summary>
    public string Trunk { get; init; } = "";

    /// <summary>The node that owns, or owned, the call.</summary>
    public string Node { get; init; } = "";

    /// <summary>The flow chosen last; null when none was.</summary>
    public string? Flow { get; init; }

    /// <summary>How the call was handed off last, or is to be; a reject or bye only tells how the call ended when it follows a failed transfer, and then this stays the transfer.</summary>
    public HandoffMethod? Handoff { get; init; }

    /// <summary>Where to: of the last attempt, or of the handoff's first step while nothing was tried.</summary>
    public string? Target { get; init; }

    /// <summary>What came of the last attempt; null while it runs.</summary>
    public TransferOutcome? Outcome { get; init; }

    /// <summary>How many attempts the call had; a reject or bye after a failed transfer is none.</summary>
    public int Attempts { get; init; }

    /// <summary>The version of the logic that decided last.</summary>
    public string? LogicVersion { get; init; }

    /// <summary>The reason that was given for a handoff last, for machines; null when none was.</summary>
    public string? Reason { get; init; }

    /// <summary>How long the last decision took, microseconds; null when none was made.</summary>
    public long? DecisionMicroseconds { get; init; }

    /// <summary>From the request of the last attempt to the first sign of its target, milliseconds; null when there was none.</summary>
    public long? PostDialDelayMs { get; init; }

    /// <summary>When the caller's data were masked, UTC; null when they were not.</summary>
    public DateTimeOffset? MaskedAt { get; init; }

    /// <summary>Who ended the call; null while it is open.</summary>
    public CallParty? EndedBy { get; init; }

    /// <summary>Why the call ended; null while it is open.</summary>
    public CallEndCause? EndCause { get; init; }

    /// <summary>The id of the stream's last event.</summary>
    public required Guid LastEventId { get; init; }

    /// <summary>The version of the stream's last event, so how many events there are.</summary>
    public required long Version { get; init; }
}
