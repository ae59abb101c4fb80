using EventCalls.Contracts;
using EventCalls.Replay.Explaining;

namespace EventCalls.Host.Forks;

/// <summary>One time the recorded call asked for a decision.</summary>
/// <param name="Cause">The INVITE, or the failed transfer.</param>
/// <param name="Decision">What was decided; null when nobody did.</param>
/// <param name="TimedOutAt">The number of the event that says that nobody decided in time; null when somebody did.</param>
internal sealed record RecordedRequest(CallEvent Cause, RecordedDecision? Decision, int? TimedOutAt)
{
    private const int DefaultMs = 2;

    /// <summary>How long the decision took, milliseconds.</summary>
    public long TookMs => Decision is null ? DefaultMs : Math.Max(0, (long)Math.Round((Decision.OccurredAt - Cause.OccurredAt).TotalMilliseconds));
}
