using EventCalls.Contracts;

namespace EventCalls.Replay.Calls;

/// <summary>One attempt of a past call to transfer, and what really came of it.</summary>
/// <param name="Step">The handoff's step that was tried.</param>
/// <param name="Outcome">What came of it; null when the stream does not say.</param>
/// <param name="PostDialDelayMs">From our request to the first ringing, milliseconds; null when it never rang.</param>
public sealed record PastAttempt(Handoff Step, TransferOutcome? Outcome, long? PostDialDelayMs)
{
    /// <summary>Where it went, as <see cref="HandoffWords.Of(Handoff)"/> names it.</summary>
    public string Target => HandoffWords.Of(Step);
}
