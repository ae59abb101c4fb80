using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Shadow;

/// <summary>What a shadow came to so far.</summary>
/// <param name="Record">Since when which version decides calls again.</param>
/// <param name="Totals">The calls that it decided again.</param>
/// <param name="Dropped">Calls that it did not come to, because it was behind.</param>
/// <param name="Waiting">Calls that wait to be decided again.</param>
public sealed record ShadowStatus(ShadowRecord Record, ReportTotals Totals, long Dropped, long Waiting)
{
    /// <summary>The record that ended it; null while it goes on.</summary>
    public ShadowRecord? Ended { get; init; }

    /// <summary>Why the version decides nothing, in words; null when it does.</summary>
    public string? Problem { get; init; }
}
