using EventCalls.Contracts;

namespace EventCalls.Host.Commands.Calls.Moments;

/// <summary>One attempt of a handoff as far as it has come.</summary>
internal sealed record AttemptMoment
{
    /// <summary>The handoff.</summary>
    public required Guid HandoffId { get; init; }

    /// <summary>Its number within the handoff, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>How it is tried.</summary>
    public required HandoffMethod Method { get; init; }

    /// <summary>Where it goes; empty for bye and reject.</summary>
    public required string Target { get; init; }

    /// <summary>The outbound endpoint; null where none is.</summary>
    public string? Trunk { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The last status heard, as SIP says it (<c>180 Ringing</c>); null as long as nothing was.</summary>
    public string? Heard { get; init; }

    /// <summary>What came of it; null while it is under way.</summary>
    public TransferOutcome? Outcome { get; init; }
}
