using EventCalls.Contracts;

namespace EventCalls.Host.Demo;

/// <summary>How a call must have gone, as its stream tells it.</summary>
internal sealed record Expectation
{
    /// <summary>The flow chosen last.</summary>
    public required string Flow { get; init; }

    /// <summary>Every attempt of every handoff in order.</summary>
    public required IReadOnlyList<(HandoffMethod Method, TransferOutcome Outcome)> Attempts { get; init; }

    /// <summary>The handoff that the list of calls shows.</summary>
    public required HandoffMethod Handoff { get; init; }

    /// <summary>The outcome that the list of calls shows.</summary>
    public required TransferOutcome Outcome { get; init; }

    /// <summary>Who ended the call.</summary>
    public required CallParty EndedBy { get; init; }

    /// <summary>Why it ended.</summary>
    public required CallEndCause EndCause { get; init; }

    /// <summary>The final status the caller got, 300–699; null when the call was answered.</summary>
    public int? Status { get; init; }
}
