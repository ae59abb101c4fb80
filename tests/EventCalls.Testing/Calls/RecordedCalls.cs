using EventCalls.Contracts;

namespace EventCalls.Testing.Calls;

/// <summary>Streams as the service records them.</summary>
public static class RecordedCalls
{
    private static readonly Handoff s_invite = new() { Method = HandoffMethod.Invite, PhoneNumber = "+12222222", OutboundEndpoint = "pstn", OutboundCallerId = "+15551234567" };
    private static readonly Handoff s_refer = new() { Method = HandoffMethod.Refer, ReferTo = "sip:support@example.com" };

    /// <summary>The carrier refuses a REFER; a bridge is made instead, and the caller hangs up.</summary>
    public static SampleCall ReferredThenBridged(int number = 1) => new SampleCall(number)
        .Decided("vip_support", s_refer, s_invite)
        .Attempt(1, HandoffMethod.Refer, "sip:support@example.com")
        .Answered("caller")
        .After(30)
        .Failed(1, HandoffMethod.Refer, new SipEvidence { Source = "response", Status = 403, ReasonPhrase = "Forbidden", Reason = "Q.850;cause=21" }, final: false)
        .Attempt(2, HandoffMethod.Invite, "sip:+12222222@192.0.2.7:5060", "pstn", new SipHeader("X-Customer-ID", "42"))
        .After(180)
        .Progress(2, "response", 180, "SIP/2.0 180 Ringing")
        .After(4000)
        .Answered("target")
        .Completed(2, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 200, ReasonPhrase = "OK" }, "sip:agent7@192.0.2.7:5060", 182)
        .After(31000)
        .Ended(CallParty.Caller, CallEndCause.HungUp, reason: "Q.850;cause=16");

    /// <summary>The carrier takes the call over.</summary>
    public static SampleCall Referred(int number = 2) => new SampleCall(number, caller: "+15550000002")
        .Decided("general_support", s_refer)
        .Attempt(1, HandoffMethod.Refer, "sip:support@example.com")
        .Answered("caller")
        .After(20)
        .Progress(1, "response", 202, "SIP/2.0 202 Accepted")
        .After(10)
        .Progress(1, "notify", 100, "SIP/2.0 100 Trying\r\n")
        .After(2000)
        .Completed(1, HandoffMethod.Refer, new SipEvidence { Source = "notify", Status = 200, ReasonPhrase = "OK", SubscriptionState = "terminated;reason=noresource" })
        .After(5)
        .Ended(CallParty.Caller, CallEndCause.Transferred);

    /// <summary>The logic threw; the caller is refused.</summary>
    public static SampleCall Refused(int number = 3) => new SampleCall(number, caller: "", callee: "+15550009999", trunk: "backup")
        .RoutingFails()
        .DefaultTaken()
        .HandedOff(Requester.Default, new Handoff { Method = HandoffMethod.Reject, Status = 480 })
        .Attempt(1, HandoffMethod.Reject, "")
        .Completed(1, HandoffMethod.Reject, new SipEvidence { Source = "local", ReasonPhrase = WireName.Of(LocalEvidence.Sent), Status = 480 })
        .Ended(CallParty.System, CallEndCause.Rejected, status: 480);

    /// <summary>The target is busy and the caller gives up; nothing has ended yet.</summary>
    public static SampleCall Open(int number = 4) => new SampleCall(number, caller: "+15550000004")
        .Decided("vip_support", s_invite)
        .Attempt(1, HandoffMethod.Invite, "sip:+12222222@192.0.2.7:5060", "pstn")
        .After(150)
        .Progress(1, "response", 180, "SIP/2.0 180 Ringing");
}
