namespace EventCalls.Contracts;

/// <summary>The attempt failed. Published by the transfer worker.</summary>
public sealed record TransferFailed : CallEvent
{
    /// <summary>The handoff.</summary>
    public required Guid HandoffId { get; init; }

    /// <summary>The attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>How it was tried.</summary>
    public required HandoffMethod Method { get; init; }

    /// <summary>Why, typed; never answered or accepted.</summary>
    public required TransferOutcome Outcome { get; init; }

    /// <summary>What SIP said.</summary>
    public required SipEvidence Evidence { get; init; }

    /// <summary>From our request to the first ringing, milliseconds; null when it never rang.</summary>
    public long? PostDialDelayMs { get; init; }

    /// <summary>True when no fallback is left in this handoff.</summary>
    public required bool Final { get; init; }
}
