namespace EventCalls.Contracts.Reading;

/// <content>Events of what was read of them; members that deciding again does not look at are left empty.</content>
public sealed partial class EventFields
{
    /// <summary>The event as a <see cref="Contracts.CallStarted"/>.</summary>
    /// <exception cref="System.Text.Json.JsonException">A member that it needs is missing.</exception>
    public CallStarted ToCallStarted() => new()
    {
        EventId = Need(EventId, "eventId"),
        CallId = Need(CallId, "callId"),
        CausationId = Guid.Empty,
        OccurredAt = Need(OccurredAt, "occurredAt"),
        Node = Need(Node, "node"),
        Trunk = Need(Trunk, "trunk"),
        Transport = Need(Transport, "transport"),
        RemoteEndPoint = Need(RemoteEndPoint, "remoteEndPoint"),
        SipCallId = Need(SipCallId, "sipCallId"),
        RequestUri = Need(RequestUri, "requestUri"),
        CallerNumber = Need(CallerNumber, "callerNumber"),
        CalleeNumber = Need(CalleeNumber, "calleeNumber"),
        Headers = Need(Headers, "headers"),
        Identity = Identity,
    };

    /// <summary>The event as a <see cref="Contracts.FlowSelected"/>.</summary>
    /// <exception cref="System.Text.Json.JsonException">A member that it needs is missing.</exception>
    public FlowSelected ToFlowSelected() => new()
    {
        EventId = Need(EventId, "eventId"),
        CallId = Need(CallId, "callId"),
        CausationId = Need(CausationId, "causationId"),
        OccurredAt = Need(OccurredAt, "occurredAt"),
        Flow = Need(Flow, "flow"),
        State = Need(State, "state"),
        LogicVersion = Need(LogicVersion, "logicVersion"),
        DecisionMicroseconds = 0,
        DecidedBy = Need(DecidedBy, "decidedBy"),
        DecidesRefers = DecidesRefers,
        Inputs = Inputs,
    };

    /// <summary>The event as a <see cref="Contracts.HandoffRequested"/>.</summary>
    /// <exception cref="System.Text.Json.JsonException">A member that it needs is missing.</exception>
    public HandoffRequested ToHandoffRequested() => new()
    {
        EventId = Need(EventId, "eventId"),
        CallId = Need(CallId, "callId"),
        CausationId = Need(CausationId, "causationId"),
        OccurredAt = Need(OccurredAt, "occurredAt"),
        Node = Need(Node, "node"),
        HandoffId = Need(HandoffId, "handoffId"),
        Steps = Need(Steps, "steps"),
        Reason = Reason,
        RequestedBy = Need(RequestedBy, "requestedBy"),
    };

    /// <summary>The event as a <see cref="Contracts.TransferStarted"/>.</summary>
    /// <exception cref="System.Text.Json.JsonException">A member that it needs is missing.</exception>
    public TransferStarted ToTransferStarted() => new()
    {
        EventId = Need(EventId, "eventId"),
        CallId = Need(CallId, "callId"),
        CausationId = Need(CausationId, "causationId"),
        OccurredAt = Need(OccurredAt, "occurredAt"),
        HandoffId = Need(HandoffId, "handoffId"),
        Attempt = Need(Attempt, "attempt"),
        Method = Need(Method, "method"),
        Target = Need(Target, "target"),
        Trunk = Trunk,
    };
}
