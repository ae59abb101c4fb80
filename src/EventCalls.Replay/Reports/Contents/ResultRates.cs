namespace EventCalls.Replay.Reports;

/// <summary>Rates of results, each as a share of what has a result that counts; see <see cref="ResultCounts"/> for what they mean.</summary>
public sealed record ResultRates(Estimate Answered, Estimate Accepted, Estimate Busy, Estimate NoAnswer, Estimate Failed, Estimate TurnedAway)
{
    /// <summary>The share that would reach a fallback without any history, 0–1: nothing can be said about it. It and the rates' values add up to 1.</summary>
    public double Unknown { get; init; }
}
