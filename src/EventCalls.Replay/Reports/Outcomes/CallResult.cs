using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>What an attempt, or a call, came to, as coarse as rates are stated; the members of <see cref="ResultCounts"/>.</summary>
internal enum CallResult
{
    Answered,
    Accepted,
    Busy,
    NoAnswer,
    Failed,
    TurnedAway,
    CallerHungUp,
    Unknown,
}

/// <summary>Sorts outcomes into results.</summary>
internal static class CallResults
{
    /// <summary>How many results there are.</summary>
    public const int Count = (int)CallResult.Unknown + 1;

    /// <summary>How many of them count in rates; they are the first ones.</summary>
    public const int Counted = (int)CallResult.TurnedAway + 1;

    /// <summary>The result of an attempt.</summary>
    public static CallResult Of(HandoffMethod method, TransferOutcome? outcome) => outcome switch
    {
        TransferOutcome.CallerHungUp or TransferOutcome.Cancelled => CallResult.CallerHungUp,
        _ when method == HandoffMethod.Reject => CallResult.TurnedAway,
        null => CallResult.Unknown,
        TransferOutcome.Answered => CallResult.Answered,
        TransferOutcome.Accepted => CallResult.Accepted,
        TransferOutcome.Busy => CallResult.Busy,
        TransferOutcome.NoAnswer => CallResult.NoAnswer,
        _ => CallResult.Failed,
    };

    /// <summary>Whether the handoff is over with it, and no fallback is tried.</summary>
    public static bool Ends(CallResult result) => result is CallResult.Answered or CallResult.Accepted or CallResult.TurnedAway or CallResult.CallerHungUp;

    /// <summary>The counts, indexed by result, as a record.</summary>
    public static ResultCounts Record(long[] counts) => new(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]);
}

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
