using EventCalls.Contracts;
using EventCalls.Replay.Comparing;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;

namespace EventCalls.Replay.Deciding;

/// <summary>Takes a decision once more, with another clock and another seed where the logic had asked for neither, and says when it comes out otherwise.</summary>
internal static class DependenceCheck
{
    private const int OtherSeed = 0x2545F491;
    private static readonly TimeSpan s_shift = new(days: 37, hours: 5, minutes: 17, seconds: 23, milliseconds: 456);

    /// <summary>What differs, in words; null when nothing does.</summary>
    public static string? Find(CompiledLogic logic, TakenDecision first)
    {
        var result = first.Result;
        var request = first.Request with
        {
            Now = result.ReadClock ? first.Request.Now : first.Request.Now + s_shift,
            Seed = result.ReadRandom ? first.Request.Seed : first.Request.Seed ^ OtherSeed,
        };
        var again = Decider.Decide(logic, request, first.Options);
        // A limit is the machine's doing, not the logic's.
        if (IsOverLimit(again) || IsOverLimit(result))
            return null;
        return Difference(result, again) is { } difference
            ? $"taken again, the decision comes out otherwise, {difference}: it rests on something besides the call, conv.Now, conv.Random and conv.Lookup"
            : null;
    }

    /// <summary>Whether the decision comes out alike when it is taken twice in a row.</summary>
    public static bool IsSteady(CompiledLogic logic, TakenDecision first)
    {
        var one = Decider.Decide(logic, first.Request, first.Options);
        return IsOverLimit(one) || Repeats(logic, first with { Result = one });
    }

    /// <summary>Whether the decision comes out as it did, taken again with the same clock and seed.</summary>
    public static bool Repeats(CompiledLogic logic, TakenDecision first)
    {
        var again = Decider.Decide(logic, first.Request, first.Options);
        return IsOverLimit(again) || IsOverLimit(first.Result) || Difference(first.Result, again) is null;
    }

    /// <summary>Whether the decision was ended for the time it took.</summary>
    public static bool IsOverLimit(DecisionResult result) => result.Failure?.Cause == RoutingFailureCause.LogicTimedOut;

    private static string? Difference(DecisionResult first, DecisionResult again)
    {
        if (first.Flow != again.Flow)
            return $"flow {again.Flow} instead of {first.Flow}";
        if (first.Failure?.Cause != again.Failure?.Cause || first.Failure?.ExceptionType != again.Failure?.ExceptionType)
            return $"{(again.Failure?.Message ?? "decided")} instead of {(first.Failure?.Message ?? "decided")}";
        if (!DecisionDiff.Same(first.State, again.State))
            return "with another state";
        if (first.Reason != again.Reason)
            return $"for the reason '{again.Reason}' instead of '{first.Reason}'";
        if (first.Steps.Count != again.Steps.Count)
            return "with other fallbacks";
        for (int i = 0; i < first.Steps.Count; i++)
        {
            if (!HandoffFields.Same(first.Steps[i], again.Steps[i]))
                return $"{HandoffWords.Of(again.Steps[i])} instead of {HandoffWords.Of(first.Steps[i])}";
        }
        if (first.ReadClock != again.ReadClock || first.ReadRandom != again.ReadRandom || !SameLookups(first, again))
            return "having read other things";
        return first.DecidedBy == again.DecidedBy ? null : $"by {again.DecidedBy} instead of {first.DecidedBy}";
    }

    private static bool SameLookups(DecisionResult first, DecisionResult again)
    {
        var (a, b) = (first.Inputs.Lookups, again.Inputs.Lookups);
        if (a.Count != b.Count || first.UnansweredLookup != again.UnansweredLookup)
            return false;
        for (int i = 0; i < a.Count; i++)
        {
            if (a[i] != b[i])
                return false;
        }
        return true;
    }
}
