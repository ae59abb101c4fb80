namespace EventCalls.Contracts.Reading;

/// <summary>Makes events of what was read of them; members that deciding again does not look at are left empty.</summary>
internal static class EventsOf
{
    public static CallStarted CallStarted(EventFields e) => new()
    {
        EventId = Need(e.EventId, "eventId"),
        CallId = Need(e.CallId, "callId"),
        CausationId = Guid.Empty,
        OccurredAt = Need(e.OccurredAt, "occurredAt"),
        Node = Need(e.Node, "node"),
        Trunk = Need(e.Trunk, "trunk"),
        Transport = Need(e.Transport, "transport"),
        RemoteEndPoint = Need(e.RemoteEndPoint, "remoteEndPoint"),
        SipCallId = Need(e.SipCallId, "sipCallId"),
        RequestUri = Need(e.RequestUri, "requestUri"),
        CallerNumber = Need(e.CallerNumber, "callerNumber"),
        CalleeNumber = Need(e.CalleeNumber, "calleeNumber"),
        Headers = Need(e.Headers, "headers"),
    };

    public static FlowSelected FlowSelected(EventFields e) => new()
    {
        EventId = Need(e.EventId, "eventId"),
        CallId = Need(e.CallId, "callId"),
        CausationId = Need(e.CausationId, "causationId"),
        OccurredAt = Need(e.OccurredAt, "occurredAt"),
        Flow = Need(e.Flow, "flow"),
        State = Need(e.State, "state"),
        LogicVersion = Need(e.LogicVersion, "logicVersion"),
        DecisionMicroseconds = 0,
        DecidedBy = Need(e.DecidedBy, "decidedBy"),
        Inputs = e.Inputs,
    };

    public static HandoffRequested HandoffRequested(EventFields e) => new()
    {
        EventId = Need(e.EventId, "eventId"),
        CallId = Need(e.CallId, "callId"),
        CausationId = Need(e.CausationId, "causationId"),
        OccurredAt = Need(e.OccurredAt, "occurredAt"),
        Node = Need(e.Node, "node"),
        HandoffId = Need(e.HandoffId, "handoffId"),
        Steps = Need(e.Steps, "steps"),
        RequestedBy = Need(e.RequestedBy, "requestedBy"),
    };

    public static TransferStarted TransferStarted(EventFields e) => new()
    {
        EventId = Need(e.EventId, "eventId"),
        CallId = Need(e.CallId, "callId"),
        CausationId = Need(e.CausationId, "causationId"),
        OccurredAt = Need(e.OccurredAt, "occurredAt"),
        HandoffId = Need(e.HandoffId, "handoffId"),
        Attempt = Need(e.Attempt, "attempt"),
        Method = Need(e.Method, "method"),
        Target = Need(e.Target, "target"),
        Trunk = e.Trunk,
    };

    private static T Need<T>(T? value, string member)
        where T : class => EventFields.Need(value, member);

    private static T Need<T>(T? value, string member)
        where T : struct => EventFields.Need(value, member);
}
