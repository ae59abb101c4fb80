using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Calls;

/// <summary>A past call that was decided again: what was, what would be, and the verdict.</summary>
public sealed record ReplayedCall
{
    /// <summary>The call as the projection has it.</summary>
    public required CallRow Call { get; init; }

    /// <summary>The call's first event: numbers, trunk, headers.</summary>
    public required CallStarted Started { get; init; }

    /// <summary>What deciding again came to.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The decisions taken again, in order. After one with another handoff the rest of the past no longer applies, and ends here.</summary>
    public required IReadOnlyList<ReplayedDecision> Decisions { get; init; }

    /// <summary>What came out otherwise; empty unless the verdict is <see cref="Verdict.Changed"/>.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    /// <summary>The names of the announced changes that the call changed as, when all of its changes were announced; else empty.</summary>
    public IReadOnlyList<string> Expected { get; init; } = [];

    /// <summary>What was really tried, in order, over all handoffs of the call.</summary>
    public IReadOnlyList<PastAttempt> Attempts { get; init; } = [];

    /// <summary>Why the candidate gave nothing usable; null unless the verdict is <see cref="Verdict.Error"/>.</summary>
    public ReplayError? Error { get; init; }

    /// <summary>What was read that had not been recorded, or came out otherwise, in words; null unless the verdict is <see cref="Verdict.NotReplayable"/> or <see cref="Verdict.Nondeterministic"/>.</summary>
    public string? Unrecorded { get; init; }

    /// <summary>Whether the candidate is the version that decided the call.</summary>
    internal bool IsOfCandidate { get; init; }

    /// <summary>What the baseline version made of the call; null when the candidate is compared with the record. Otherwise <see cref="ReplayedDecision.Was"/> is as the baseline decides.</summary>
    public BaselineVerdict? Baseline { get; init; }

    /// <summary>How many look-ups were asked of today's tables because the flag for it was given.</summary>
    public int LiveLookups { get; init; }
}
