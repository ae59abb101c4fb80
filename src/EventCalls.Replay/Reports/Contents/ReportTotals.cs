namespace EventCalls.Replay.Reports;

/// <summary>How many calls came out how; the four add up to <see cref="Calls"/>.</summary>
/// <param name="Same">Every decision as it was recorded.</param>
/// <param name="Changed">A decision came out otherwise.</param>
/// <param name="Errors">The candidate gave nothing usable.</param>
/// <param name="NotReplayable">Nothing can be said.</param>
public sealed record ReportTotals(long Same, long Changed, long Errors, long NotReplayable)
{
    /// <summary>All calls that were replayed.</summary>
    public long Calls => Same + Changed + Errors + NotReplayable;

    /// <summary>The share of all calls, percent, 0–100; 0 when there are no calls.</summary>
    public double Percent(long count) => Calls == 0 ? 0 : 100.0 * count / Calls;
}
