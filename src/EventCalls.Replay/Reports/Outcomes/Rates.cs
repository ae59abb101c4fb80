namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>Puts rates of all results together.</summary>
internal static class Rates
{
    /// <summary>The rates of a target's own attempts.</summary>
    public static ResultRates Of(Target target) => From(target.Rate);

    /// <summary>The rates of counted results; null when nothing counts.</summary>
    public static ResultRates? Of(long[] counts)
    {
        long of = counts.Take(CallResults.Counted).Sum();
        return of == 0 ? null : From(result => Wilson.Of(counts[(int)result], of));
    }

    /// <summary>A rate for each result that counts.</summary>
    public static ResultRates From(Func<CallResult, Estimate> rate) => new(
        rate(CallResult.Answered), rate(CallResult.Accepted), rate(CallResult.Busy), rate(CallResult.NoAnswer), rate(CallResult.Failed), rate(CallResult.TurnedAway));
}
