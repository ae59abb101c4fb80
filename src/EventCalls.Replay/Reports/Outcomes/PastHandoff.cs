using EventCalls.Contracts;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>Tells which of a call's attempts belong to which of its handoffs.</summary>
internal static class PastHandoff
{
    /// <summary>What a handoff came to by its own attempts: what the logic decides after a failure is another handoff.</summary>
    /// <param name="steps">The handoff's steps.</param>
    /// <param name="attempts">All attempts of the call.</param>
    /// <param name="attempt">The handoff's first attempt; then the next handoff's.</param>
    public static CallResult ResultOf(IReadOnlyList<Handoff> steps, IReadOnlyList<PastAttempt> attempts, ref int attempt)
    {
        var result = CallResult.Unknown;
        for (int i = 0; i < steps.Count && !CallResults.Ends(result); i++)
        {
            var step = steps[i];
            if (attempt < attempts.Count && SameTarget.Comparer.Equals(step, attempts[attempt].Step))
                result = CallResults.Of(step.Method, attempts[attempt++].Outcome);
            else if (step.Method == HandoffMethod.Reject)
                result = CallResult.TurnedAway;
            else if (step.Method is HandoffMethod.Bye or HandoffMethod.Redirect)
                result = CallResult.Accepted;
            else
                break;
        }
        return result;
    }
}
