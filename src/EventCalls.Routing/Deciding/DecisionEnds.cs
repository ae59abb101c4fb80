using EventCalls.Contracts;

namespace EventCalls.Routing.Deciding;

/// <summary>Which decisions were ended, rather than that they came to something.</summary>
public static class DecisionEnds
{
    /// <summary>Whether the decision met a limit of time or memory, or ended its process: which of them it meets first is not the logic's alone.</summary>
    public static bool IsEnded(DecisionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Failure is { Cause: var cause } && IsEnded(cause);
    }

    /// <summary>Whether the cause is one of these.</summary>
    public static bool IsEnded(RoutingFailureCause cause) => cause is RoutingFailureCause.LogicTimedOut or RoutingFailureCause.LogicCrashed;
}
