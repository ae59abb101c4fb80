using EventCalls.Contracts;

namespace EventCalls.Routing.Deciding;

/// <summary>Results of decisions that were not taken.</summary>
internal static class DecisionResults
{
    public static DecisionResult Failed(DecisionRequest request, string version, RoutingFailureCause cause, string message) => new()
    {
        LogicVersion = version,
        Flow = request.Selected?.Flow ?? "start",
        State = request.State,
        DecidedBy = "",
        Inputs = new DecisionInputs { Now = request.Now, Seed = request.Seed },
        Failure = new DecisionFailure(cause, message),
    };
}
