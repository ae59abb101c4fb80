using EventCalls.Contracts;

namespace EventCalls.Replay.Canary;

/// <summary>How a challenger stands.</summary>
/// <param name="Record">The share that holds, or the last one's end.</param>
/// <param name="Counts">What calls came to since that record; null when it has no share.</param>
/// <param name="Worse">The evidence that it is worse (<see cref="CanaryTest.Worse"/>).</param>
/// <param name="NoWorse">The evidence that it is no worse by the margin (<see cref="CanaryTest.NoWorse"/>).</param>
/// <param name="Needed">How strong evidence has to be.</param>
/// <param name="Move">What becomes of the share; null when it has none.</param>
/// <param name="Why">Why, for people.</param>
public sealed record CanaryStatus(CanaryRecord Record, CanaryCounts? Counts, double? Worse, double? NoWorse, double Needed, CanaryMove? Move, string? Why)
{
    internal static CanaryStatus Of(CanaryRecord record, CanaryCounts counts, string? tripped, DateTimeOffset now)
    {
        double needed = CanaryVerdict.Needed(record.Plan);
        if (!record.IsOn)
            return new CanaryStatus(record, null, null, null, needed, null, record.Note);
        var verdict = CanaryVerdict.Of(record, counts, tripped, now);
        return new CanaryStatus(record, counts, CanaryTest.Worse(counts), CanaryTest.NoWorse(counts, record.Plan.Margin), needed, verdict.Move, verdict.Why);
    }
}
