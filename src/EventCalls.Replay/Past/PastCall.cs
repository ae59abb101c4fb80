using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Store;

namespace EventCalls.Replay.Past;

/// <summary>What deciding a call again needs of its stream.</summary>
internal sealed class PastCall
{
    /// <summary>The call as the projection has it.</summary>
    public required CallRow Row { get; init; }

    /// <summary>The call's first event; made up from the row when the stream's own cannot be read.</summary>
    public required CallStarted Started { get; init; }

    /// <summary>Its decisions, in order; never empty unless <see cref="Problem"/> is set.</summary>
    public IReadOnlyList<PastDecision> Decisions { get; init; } = [];

    /// <summary>What was tried, in order.</summary>
    public IReadOnlyList<PastAttempt> Attempts { get; init; } = [];

    /// <summary>Why nothing can be decided again, in words; null when it can.</summary>
    public string? Problem { get; init; }
}
