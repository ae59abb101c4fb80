using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Bus.Tests;

/// <summary>Events to put into a journal.</summary>
internal static class Events
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static CallStarted Started(string node = "n1", Guid? call = null) => new()
    {
        EventId = Guid.CreateVersion7(),
        CallId = call ?? Guid.CreateVersion7(),
        CausationId = Guid.Empty,
        OccurredAt = s_at,
        Node = node,
        Trunk = "carrier",
        Transport = "udp",
        RemoteEndPoint = "192.0.2.1:5060",
        SipCallId = "abc@192.0.2.1",
        RequestUri = "sip:+15557654321@calls.example.com",
        CallerNumber = "+15551234567",
        CalleeNumber = "+15557654321",
        Headers = [new("From", "\"Å <b>\" <sip:+15551234567@192.0.2.1>;tag=1"), new("Via", "SIP/2.0/UDP 192.0.2.1")],
        OfferedMedia = "v=0\r\n",
    };

    public static FlowSelected Selected(CallStarted started) => new()
    {
        EventId = EventIds.Derive(started.EventId, "flow_selected"),
        CallId = started.CallId,
        CausationId = started.EventId,
        OccurredAt = s_at,
        Flow = "vip",
        State = new Dictionary<string, JsonElement> { ["branch"] = JsonSerializer.SerializeToElement("North") },
        LogicVersion = "none",
        DecisionMicroseconds = 1,
        DecidedBy = "test",
    };

    public static HandoffRequested Requested(CallStarted started) => new()
    {
        EventId = EventIds.Derive(started.EventId, "handoff_requested"),
        CallId = started.CallId,
        CausationId = started.EventId,
        OccurredAt = s_at,
        Node = started.Node,
        HandoffId = EventIds.Derive(started.EventId, "handoff"),
        Steps = [new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:support@example.com" }],
        RequestedBy = Requester.Router,
    };

    public static TransferStarted Attempt(CallStarted started) => new()
    {
        EventId = Guid.CreateVersion7(),
        CallId = started.CallId,
        CausationId = started.EventId,
        OccurredAt = s_at,
        HandoffId = EventIds.Derive(started.EventId, "handoff"),
        Attempt = 1,
        Method = HandoffMethod.Refer,
        Target = "sip:support@example.com",
    };

    public static TransferFailed Failed(CallStarted started) => new()
    {
        EventId = Guid.CreateVersion7(),
        CallId = started.CallId,
        CausationId = started.EventId,
        OccurredAt = s_at,
        HandoffId = EventIds.Derive(started.EventId, "handoff"),
        Attempt = 1,
        Method = HandoffMethod.Refer,
        Outcome = TransferOutcome.NotAllowed,
        Evidence = new SipEvidence { Source = "response", Status = 405 },
        Final = true,
    };

    public static CallEnded Ended(CallStarted started) => new()
    {
        EventId = Guid.CreateVersion7(),
        CallId = started.CallId,
        CausationId = started.EventId,
        OccurredAt = s_at,
        EndedBy = CallParty.Caller,
        Cause = CallEndCause.HungUp,
        DurationMs = 10,
    };
}
