namespace EventCalls.Replay.Reports;

/// <summary>Calls that would go to the same new targets in the same order.</summary>
public sealed record WhatIfTarget
{
    /// <summary>The targets in the order they would be tried, each with its history.</summary>
    public required IReadOnlyList<TargetHistory> Steps { get; init; }

    /// <summary>How many calls.</summary>
    public required long Calls { get; init; }

    /// <summary>What is expected of them; null when the first target has no history.</summary>
    public ResultRates? Expected { get; init; }

    /// <summary>Whether a target of them has fewer than <see cref="WhatIf.SmallHistory"/> counted attempts: the interval then says more than the rate.</summary>
    public required bool IsSmall { get; init; }

    /// <summary>What really came of the very same calls at their old targets.</summary>
    public required ResultCounts Before { get; init; }

    /// <summary>The rates of <see cref="Before"/>; null when nothing counts.</summary>
    public ResultRates? BeforeRates { get; init; }
}
