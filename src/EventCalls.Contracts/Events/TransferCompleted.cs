namespace EventCalls.Contracts;

/// <summary>The attempt did what was asked. Published by the transfer worker.</summary>
public sealed record TransferCompleted : CallEvent
{
    /// <summary>The handoff.</summary>
    public required Guid HandoffId { get; init; }

    /// <summary>The attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>How it was done.</summary>
    public required HandoffMethod Method { get; init; }

    /// <summary><see cref="TransferOutcome.Answered"/> or <see cref="TransferOutcome.Accepted"/>.</summary>
    public required TransferOutcome Outcome { get; init; }

    /// <summary>What SIP said.</summary>
    public required SipEvidence Evidence { get; init; }

    /// <summary>From our request to the first ringing or answer, milliseconds; null when unknown.</summary>
    public long? PostDialDelayMs { get; init; }

    /// <summary>Who answered: the Contact or To URI of the 2xx; null when unknown.</summary>
    public string? AnsweredBy { get; init; }
}
