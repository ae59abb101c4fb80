using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Replay.Reports.Contents;

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

    /// <summary>As <see cref="SmallHistory"/> says, for who reads the report.</summary>
    [JsonPropertyName("smallHistory")]
    public int SmallBelow => SmallHistory;

    /// <summary>How sure the intervals are, 0–1.</summary>
    public double Confidence => 0.95;

    /// <summary>What is expected of the estimated calls; null when there are none.</summary>
    public ResultRates? Expected { get; init; }

    /// <summary>The same rates, each with an interval that holds the share of these very calls; null when there are none.</summary>
    public ResultRates? Predicted { get; init; }

    /// <summary>What really came of the estimated calls at their old targets.</summary>
    public required ResultCounts Before { get; init; }

    /// <summary>The rates of <see cref="Before"/>; null when nothing counts.</summary>
    public ResultRates? BeforeRates { get; init; }

    /// <summary>By new targets, the most calls first.</summary>
    [JsonIgnore]
    public required Listing<WhatIfTarget> Targets { get; init; }

    [JsonInclude]
    [JsonPropertyName("targets")]
    internal IReadOnlyList<WhatIfTarget> ListedTargets => Targets.Items;

    [JsonInclude]
    internal long TargetsOmitted => Targets.Omitted;

    /// <summary>The targets that would have a busier hour than any that was measured, by how much more.</summary>
    [JsonIgnore]
    public Listing<TargetLoad> Loads { get; init; } = new([], 0);

    [JsonInclude]
    [JsonPropertyName("loads")]
    internal IReadOnlyList<TargetLoad> ListedLoads => Loads.Items;

    [JsonInclude]
    internal long LoadsOmitted => Loads.Omitted;
}

/// <summary>Calls that would go to the same new targets in the same order.</summary>
public sealed record WhatIfTarget
{
    /// <summary>How many calls.</summary>
    public required long Calls { get; init; }

    /// <summary>The targets in the order they would be tried, each with its history.</summary>
    public required IReadOnlyList<TargetHistory> Steps { get; init; }

    /// <summary>Whether a target of them has fewer than <see cref="WhatIf.SmallHistory"/> counted attempts: the interval then says more than the rate.</summary>
    [JsonPropertyName("small")]
    public required bool IsSmall { get; init; }

    /// <summary>What is expected of them; null when the first target has no history.</summary>
    public ResultRates? Expected { get; init; }

    /// <summary>The same rates, each with an interval that holds the share of these very calls; null when the first target has no history.</summary>
    public ResultRates? Predicted { get; init; }

    /// <summary>How many are answered at least where some of the targets have no history: those that come to the others; null when all have one, or none.</summary>
    public Estimate? AtLeast { get; init; }

    /// <summary>What really came of the very same calls at their old targets.</summary>
    public required ResultCounts Before { get; init; }

    /// <summary>The rates of <see cref="Before"/>; null when nothing counts.</summary>
    public ResultRates? BeforeRates { get; init; }
}

/// <summary>What attempts to reach a target really came to, over all replayed calls.</summary>
/// <param name="Target">As <see cref="HandoffWords.Of(Handoff)"/> names it.</param>
/// <param name="Results">Counted attempts.</param>
/// <param name="Rates">Their rates with Wilson intervals; null when no attempt counts.</param>
public sealed record TargetHistory(string Target, [property: JsonPropertyName("history")] ResultCounts Results, ResultRates? Rates);
