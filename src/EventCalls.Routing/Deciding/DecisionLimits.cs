using System.Runtime.InteropServices;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Limits;

namespace EventCalls.Routing.Deciding;

/// <summary>How much one decision may use, and how much of it is kept with the call.</summary>
internal static class DecisionLimits
{
    private const int MaxStateBytes = 64 * 1024;
    private const int MaxLookUpLength = 1024 * 1024;
    private const int MaxFetchLength = 2 * 1024 * 1024;

    // The names of its members, quotes and commas: of many short answers they are the most.
    private const int AroundLookUp = 40;

    /// <summary>Why the state cannot be kept with the call; null when it can.</summary>
    public static string? StateError(IReadOnlyDictionary<string, JsonElement> state)
    {
        if (state.Count == 0 || (state is StateValues values && values.MostBytes() <= MaxStateBytes))
            return null;
        long size = 0;
        foreach (var (key, value) in state)
            size += key.Length + JsonMarshal.GetRawUtf8Value(value).Length;
        return size <= MaxStateBytes ? null : $"state: {size} bytes are too many to be kept with the call; the limit is {MaxStateBytes}.";
    }

    /// <summary>Why the answers of look-ups cannot be kept with the call; null when they can. Those of fetches, which may be large, have a limit of their own.</summary>
    public static string? LookUpError(IReadOnlyList<LookupAnswer> answers)
    {
        long asked = 0, fetched = 0;
        foreach (var answer in answers)
        {
            long length = AroundLookUp + answer.Name.Length + answer.Key.Length + (answer.Value?.Length ?? 0) + (answer.Refusal?.Length ?? 0);
            if (FetchAnswer.IsFetch(answer.Name))
                fetched += length;
            else
                asked += length;
        }

        return asked > MaxLookUpLength ? TooMany(asked, MaxLookUpLength) : fetched > MaxFetchLength ? TooMany(fetched, MaxFetchLength) : null;

        string TooMany(long length, int limit) => $"look-ups: {answers.Count} with {length} characters are too many to be kept with the call; the limit is {limit}.";
    }

    /// <summary>Which limit a decision met, when check points have ended it.</summary>
    public static DecisionFailure Overran(DecideOptions options)
    {
        if (CheckPoint.IsTooDeep)
            return new(RoutingFailureCause.LogicThrew, "The logic was stopped: a recursion went too deep.");
        return CheckPoint.IsOverMemory
            ? OutOfMemory(options)
            : new(RoutingFailureCause.LogicTimedOut, $"The logic was stopped: it ran longer than {options.TimeLimit.TotalMilliseconds:0} ms.");
    }

    /// <summary>It used more memory than it may.</summary>
    public static DecisionFailure OutOfMemory(DecideOptions options) => new(
        RoutingFailureCause.LogicTimedOut,
        $"The logic was stopped: it used up its memory ({options.AllocationLimit >> 20} MB in one decision, or all that its process may have).");
}
