using EventCalls.Contracts;

namespace EventCalls.Routing.Deciding;

/// <summary>The events a decision becomes. Their ids follow from the event that asked for it, so a message delivered twice makes them once.</summary>
internal static class DecisionEvents
{
    /// <summary>The logic decided.</summary>
    public static CallEvent[] Decided(DecisionRequest request, DecisionResult result, DateTimeOffset now)
    {
        var selected = Selected(request, result, result.Flow, result.State, result.DecidedBy, now);
        return [selected, Requested(request, selected, result.Steps, Requester.Router, now, result.Reason)];
    }

    /// <summary>The logic gave no usable decision and the configured default is taken: its handoff, or the flow it names.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="result">The failed decision.</param>
    /// <param name="flow">The decision of the default's flow; null when the default is a handoff or its flow failed too.</param>
    /// <param name="steps">What is done.</param>
    /// <param name="taken">For people.</param>
    /// <param name="now">The time of the events, UTC.</param>
    public static CallEvent[] Defaulted(
        DecisionRequest request, DecisionResult result, DecisionResult? flow, IReadOnlyList<Contracts.Handoff> steps, string taken, DateTimeOffset now)
    {
        var selected = flow is null
            ? Selected(request, result, "default", request.State, $"default ({taken})", now)
            : Selected(request, flow, flow.Flow, flow.State, flow.DecidedBy, now) with { Log = Both(result.Log, flow.Log) };
        return [Failed(request, result, taken, now), selected, Requested(request, selected, steps, Requester.Default, now, flow?.Reason)];
    }

    /// <summary>Nobody decided, and nothing is done: the call stays in its flow, with its state.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="result">Why nobody decided.</param>
    /// <param name="taken">For people.</param>
    /// <param name="now">The time of the events, UTC.</param>
    public static CallEvent[] Unchanged(DecisionRequest request, DecisionResult result, string taken, DateTimeOffset now)
    {
        var selected = Selected(request, result, request.Selected?.Flow ?? "default", request.State, $"default ({taken})", now);
        return [Failed(request, result, taken, now), selected, Requested(request, selected, [], Requester.Default, now, null)];
    }

    private static IReadOnlyList<string>? Both(IReadOnlyList<string>? before, IReadOnlyList<string>? after) => before is null ? after : [.. before, .. after ?? []];

    private static RoutingFailed Failed(DecisionRequest request, DecisionResult result, string taken, DateTimeOffset now) =>
        Stamp(request, request.Cause, "routing_failed", now).On(new RoutingFailed
        {
            Cause = result.Failure!.Cause,
            Message = result.Failure.Message,
            LogicVersion = result.LogicVersion,
            DefaultTaken = taken,
        });

    private static FlowSelected Selected(
        DecisionRequest request,
        DecisionResult result,
        string flow,
        IReadOnlyDictionary<string, System.Text.Json.JsonElement> state,
        string decidedBy,
        DateTimeOffset now) => Stamp(request, request.Cause, "flow_selected", now).On(new FlowSelected
        {
            Flow = flow,
            State = state,
            LogicVersion = result.LogicVersion,
            DecisionMicroseconds = (long)result.Elapsed.TotalMicroseconds,
            DecidedBy = decidedBy,
            DecidesRefers = result.DecidesRefers ? true : null,
            Inputs = result.Inputs,
            Log = result.Log,
            Metrics = result.Metrics,
        });

    private static HandoffRequested Requested(
        DecisionRequest request, FlowSelected selected, IReadOnlyList<Contracts.Handoff> steps, Requester by, DateTimeOffset now, string? reason) => Stamp(request, selected, "handoff_requested", now).On(new HandoffRequested
        {
            Node = request.Started.Node,
            HandoffId = request.HandoffId,
            Steps = steps,
            RequestedBy = by,
            Reason = reason,
            Selected = selected,
        });

    private static EventStamp Stamp(DecisionRequest request, CallEvent cause, string name, DateTimeOffset now) =>
        new(EventIds.Derive(cause.EventId, name), request.Started.CallId, cause.EventId, now);
}
