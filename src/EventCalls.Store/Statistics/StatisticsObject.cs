namespace EventCalls.Store.Statistics;

/// <summary>A group of counts as JSON has it.</summary>
public sealed class StatisticsObject(StatisticsCell cell)
{
    /// <summary>The hour or day in which the calls started, UTC; null where it was not asked for.</summary>
    public DateTime? From => cell.Key.Hour?.UtcDateTime;

    /// <summary>The trunk; null where it was not asked for.</summary>
    public string? Trunk => cell.Key.Trunk;

    /// <summary>The flow; null where it was not asked for, or a call had none.</summary>
    public string? Flow => cell.Key.Flow;

    /// <summary>The target of the last attempt; null where it was not asked for, or a call had none.</summary>
    public string? Target => cell.Key.Target;

    /// <summary>The version of the logic; null where it was not asked for, or a call had none.</summary>
    public string? LogicVersion => cell.Key.LogicVersion;

    /// <summary>The reason given for the handoff; null where it was not asked for, or a call had none.</summary>
    public string? Reason => cell.Key.Reason;

    /// <summary>How many calls.</summary>
    public long Calls => cell.Calls;

    /// <summary>How many of them had a leg of the caller that was answered.</summary>
    public long Answered => cell.Answered;

    /// <summary>How many calls had which outcome of their last attempt; <c>none</c> where nothing was tried.</summary>
    public IReadOnlyDictionary<string, long> Outcomes => cell.Outcomes;

    /// <summary>From our request to the first sign of the target, milliseconds.</summary>
    public Percentiles? PostDialDelayMs => Percentiles.Of(cell.PostDialDelay);

    /// <summary>How long the decisions took, microseconds.</summary>
    public Percentiles? DecisionUs => Percentiles.Of(cell.Decision);
}

/// <summary>How values are spread: each is off by 3% at most, and never too low.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="P50">Half of them are not greater.</param>
/// <param name="P95">Of twenty nineteen are not greater.</param>
/// <param name="P99">Of a hundred ninety-nine are not greater.</param>
/// <param name="Greatest">The greatest, exactly.</param>
public sealed record Percentiles(long Count, long P50, long P95, long P99, long Greatest)
{
    /// <summary>Those of a histogram; null where it is empty.</summary>
    public static Percentiles? Of(LogHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return histogram.Percentile(0.5) is { } half
            ? new Percentiles(histogram.Count(), half, histogram.Percentile(0.95)!.Value, histogram.Percentile(0.99)!.Value, histogram.Greatest)
            : null;
    }
}
