using EventCalls.Contracts;
using EventCalls.Replay.Explaining;

namespace EventCalls.Simulation.Forks;

/// <summary>One time the recorded call asked for a decision.</summary>
/// <param name="Cause">The INVITE, the failed transfer, or the REFER.</param>
/// <param name="Decision">What was decided; null when nobody did.</param>
/// <param name="TimedOutAt">The number of the event that says that nobody decided in time; null when somebody did.</param>
/// <param name="EndedAt">When the call ended without a decision, UTC; null when there was one.</param>
public sealed record RecordedRequest(CallEvent Cause, RecordedDecision? Decision, int? TimedOutAt, DateTimeOffset? EndedAt)
{
    private const int DefaultMs = 2;

    // More than what rounding to whole milliseconds can come to.
    private const int MarginMs = 5;

    /// <summary>How long the decision took, milliseconds; where none came before the call ended, a little longer than that.</summary>
    public long TookMs => Decision is { } decision ? Since(decision.OccurredAt) : EndedAt is { } ended ? Since(ended) + MarginMs : DefaultMs;

    /// <summary>How long after it the call ended without a decision, milliseconds; null when there was one.</summary>
    public long? EndedAfterMs => EndedAt is { } ended ? Since(ended) : null;

    private long Since(DateTimeOffset time) => Math.Max(0, (long)Math.Round((time - Cause.OccurredAt).TotalMilliseconds));
}
