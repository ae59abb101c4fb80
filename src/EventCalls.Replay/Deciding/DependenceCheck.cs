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
    /// <param name="logic">The other copy.</param>
    /// <param name="first">The decision as it was taken the first time.</param>
    /// <param name="options">What it was taken with.</param>
    public static string? Find(CompiledLogic logic, TakenDecision first, DecideOptions options)
    {
        var result = first.Result!;
        var request = first.Request with
        {
            Now = result.ReadClock ? first.Request.Now : first.Request.Now + s_shift,
            Seed = result.ReadRandom ? first.Request.Seed : first.Request.Seed ^ OtherSeed,
        };
        var again = Decider.Decide(logic, request, options);
        // A limit is the machine's doing, not the logic's.
        if (DecisionEnds.IsEnded(again) || DecisionEnds.IsEnded(result))
            return null;
        return Difference(result, again) is { } difference ? Words(difference) : null;
    }

    /// <summary>Whether the decision comes out alike when it is taken twice in a row, and as it did the first time unless that is known to be otherwise.</summary>
    public static bool IsSteady(CompiledLogic logic, TakenDecision first, DecideOptions options)
    {
        var one = Decider.Decide(logic, first.Request, options);
        if (DecisionEnds.IsEnded(one))
            return true;
        return (first.Difference is not null || DecisionEnds.IsEnded(first.Result!) || Difference(first.Result!, one) is null) && Repeats(logic, first.Request, one, options);
    }

    /// <summary>Whether the decision comes out as it did, taken again with the same clock and seed.</summary>
    public static bool Repeats(CompiledLogic logic, DecisionRequest request, DecisionResult first, DecideOptions options)
    {
        var again = Decider.Decide(logic, request, options);
        return DecisionEnds.IsEnded(again) || DecisionEnds.IsEnded(first) || Difference(first, again) is null;
    }

    /// <summary>A difference as a reason.</summary>
    public static string Words(string difference) =>
        $"taken again, the decision comes out otherwise, {difference}: it rests on something besides the call, conv.Now, conv.Random and conv.Lookup";

    /// <summary>What is otherwise in the second of two takings; null when nothing is.</summary>
    public static string? Difference(DecisionResult first, DecisionResult again)
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
