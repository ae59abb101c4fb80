using EventCalls.Replay.Calls;
using EventCalls.Routing.Deciding;

namespace EventCalls.Replay.Explaining;

/// <summary>Why a past decision came out as it did.</summary>
public sealed record Explanation
{
    /// <summary>The decision as recorded.</summary>
    public required RecordedDecision Decision { get; init; }

    /// <summary>The source file that decided, or failed; null when unknown.</summary>
    public string? File { get; init; }

    /// <summary>The line in it, from 1; null when unknown.</summary>
    public int? Line { get; init; }

    /// <summary>The lines of the source around it, by their numbers; empty when the source is not kept.</summary>
    public IReadOnlyList<(int Number, string Text)> Source { get; init; } = [];

    /// <summary>The decision taken again with all that it read; null when it cannot be taken again.</summary>
    public DecisionResult? Again { get; init; }

    /// <summary>Whether deciding again came to the same; null when it cannot be decided again and need not be (webhook, no logic, deadline, API).</summary>
    public bool? IsRepeated { get; init; }

    /// <summary>What came out otherwise; empty when nothing did.</summary>
    public IReadOnlyList<FieldChange> Differences { get; init; } = [];

    /// <summary>What else is to be said of it, for people; null when nothing is.</summary>
    public string? Note { get; init; }
}
