using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Marten;

/// <summary>One call as its recorded events tell it: a live aggregate of Marten, or a document where an application keeps it as one (<see cref="CallRecordProjection"/>).</summary>
public sealed record CallRecord
{
    /// <summary>The call, and so the stream.</summary>
    public required Guid Id { get; init; }

    /// <summary>What lists and searches of EventCalls show of the call; its version counts the events of other applications too.</summary>
    public required CallRow Call { get; init; }

    /// <summary>The attempts of all its handoffs, in the order in which they began.</summary>
    public IReadOnlyList<TransferAttempt> Attempts { get; init; } = [];

    /// <summary>Whether the call is over.</summary>
    public bool HasEnded => Call.EndedAt is not null;
}

/// <summary>One attempt of a handoff, and what came of it.</summary>
public sealed record TransferAttempt
{
    /// <summary>The handoff.</summary>
    public required Guid HandoffId { get; init; }

    /// <summary>1 for the first step tried, then counting up over fallbacks.</summary>
    public required int Number { get; init; }

    /// <summary>How it is done.</summary>
    public required HandoffMethod Method { get; init; }

    /// <summary>The URI dialled, referred to or redirected to; empty for bye and reject.</summary>
    public required string Target { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was decided, UTC; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What came of it; null while it runs.</summary>
    public TransferOutcome? Outcome { get; init; }

    /// <summary>What SIP said; null while it runs.</summary>
    public SipEvidence? Evidence { get; init; }

    /// <summary>From the request to the first sign of the target, milliseconds; null when there was none.</summary>
    public long? PostDialDelayMs { get; init; }

    /// <summary>Who answered: the Contact or To URI of the 2xx; null when nobody did, or it is unknown.</summary>
    public string? AnsweredBy { get; init; }
}
