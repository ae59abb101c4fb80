namespace EventCalls.Replay.Reports;

/// <summary>What the new targets are expected to give, from their own measured history; beside it what the old ones gave for the very same calls.</summary>
public sealed record WhatIf
{
    /// <summary>Fewer counted attempts than this, and a target's history is called small.</summary>
    public const int SmallHistory = 30;

    /// <summary>Changed calls whose targets, or order of targets, would be others.</summary>
    public required long Calls { get; init; }

    /// <summary>Of these, calls whose new first target has history (or needs none, as a rejection): those that the rates are about.</summary>
    public required long Estimated { get; init; }

    /// <summary>Of these, calls whose new first target was never tried in the replayed calls.</summary>
    public required long WithoutHistory { get; init; }

    /// <summary>Of the estimated calls, those to a target whose history is small.</summary>
    public required long OnSmallHistory { get; init; }

    /// <summary>What is expected of the estimated calls; null when there are none.</summary>
    public ResultRates? Expected { get; init; }

    /// <summary>What really came of the estimated calls at their old targets.</summary>
    public required ResultCounts Before { get; init; }

    /// <summary>The rates of <see cref="Before"/>; null when nothing counts.</summary>
    public ResultRates? BeforeRates { get; init; }

    /// <summary>By new targets, the most calls first.</summary>
    public required Listing<WhatIfTarget> Targets { get; init; }
}
