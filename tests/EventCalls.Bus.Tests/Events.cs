using EventCalls.Contracts;

namespace EventCalls.Bus.Tests;

/// <summary>Events to put into a journal, all of them caused by the call's start.</summary>
internal static class Events
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static CallStarted Started(string node = "n1", Guid? call = null) => Draft.Started(Guid.CreateVersion7(), call ?? Guid.CreateVersion7(), s_at, node: node) with
    {
        Headers = [new("From", "\"Å <b>\" <sip:+15551234567@192.0.2.1>;tag=1"), new("Via", "SIP/2.0/UDP 192.0.2.1")],
        OfferedMedia = "v=0\r\n",
    };

    public static FlowSelected Selected(CallStarted started) => Draft.Selected("vip").After(started, EventIds.Derive(started.EventId, "flow_selected"));

    public static HandoffRequested Requested(CallStarted started) =>
        (Draft.Requested(HandoffOf(started), Requester.Router, new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:support@example.com" }) with { Node = started.Node })
            .After(started, EventIds.Derive(started.EventId, "handoff_requested"));

    public static TransferStarted Attempt(CallStarted started) =>
        Draft.Attempt(HandoffOf(started), 1, HandoffMethod.Refer, "sip:support@example.com").After(started, Guid.CreateVersion7());

    public static TransferFailed Failed(CallStarted started) =>
        Draft.Failed(HandoffOf(started), 1, HandoffMethod.Refer, new SipEvidence { Source = "response", Status = 405 }).After(started, Guid.CreateVersion7());

    public static CallEnded Ended(CallStarted started) => Draft.Ended(CallParty.Caller, CallEndCause.HungUp, 10).After(started, Guid.CreateVersion7());

    private static Guid HandoffOf(CallStarted started) => EventIds.Derive(started.EventId, "handoff");
}
