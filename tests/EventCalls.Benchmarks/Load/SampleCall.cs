using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Benchmarks.Load;

/// <summary>The events of one call that is answered and transferred by REFER, as large as real ones.</summary>
internal static class SampleCall
{
    /// <summary>How many events it has.</summary>
    public const int Events = 9;

    private static readonly SipHeader[] s_headers =
    [
        new("Via", "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-524287-1---8f3b2c1d;rport"),
        new("Max-Forwards", "70"),
        new("From", "\"Alice Example\" <sip:+15551234567@sbc.example.com>;tag=4f9a2b1c"),
        new("To", "<sip:+15557654321@calls.example.com>"),
        new("Call-ID", "3848276298220188511@192.0.2.10"),
        new("CSeq", "1 INVITE"),
        new("Contact", "<sip:+15551234567@192.0.2.10:5060;transport=udp>"),
        new("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY, INFO, UPDATE, PRACK"),
        new("Supported", "timer, replaces, 100rel"),
        new("P-Asserted-Identity", "<sip:+15551234567@sbc.example.com>"),
        new("User-Agent", "Example-SBC/7.4"),
        new("Content-Type", "application/sdp"),
        new("Content-Length", "214"),
    ];

    private const string Offer = "v=0\r\no=- 53655765 2353687637 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n";

    public static CallStarted Started() => new()
    {
        EventId = Guid.CreateVersion7(),
        CallId = Guid.CreateVersion7(),
        CausationId = Guid.Empty,
        OccurredAt = TimeProvider.System.GetUtcNow(),
        Node = "bench",
        Trunk = "carrier",
        Transport = "udp",
        RemoteEndPoint = "192.0.2.10:5060",
        SipCallId = "3848276298220188511@192.0.2.10",
        RequestUri = "sip:+15557654321@calls.example.com",
        CallerNumber = "+15551234567",
        CalleeNumber = "+15557654321",
        Headers = s_headers,
        OfferedMedia = Offer,
    };

    public static CallEvent[] Decided(CallStarted started)
    {
        var selected = new FlowSelected
        {
            EventId = EventIds.Derive(started.EventId, "flow_selected"),
            CallId = started.CallId,
            CausationId = started.EventId,
            OccurredAt = started.OccurredAt,
            Flow = "vip_support",
            State = new Dictionary<string, JsonElement> { ["branch"] = JsonSerializer.SerializeToElement("North Branch") },
            LogicVersion = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            DecisionMicroseconds = 12,
            DecidedBy = "SupportLine.VipSupport (support.cs:12)",
        };
        return
        [
            selected,
            new HandoffRequested
            {
                EventId = EventIds.Derive(started.EventId, "handoff_requested"),
                CallId = started.CallId,
                CausationId = selected.EventId,
                OccurredAt = started.OccurredAt,
                Node = started.Node,
                HandoffId = EventIds.Derive(started.EventId, "handoff"),
                RequestedBy = Requester.Router,
                Steps = [new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:support@example.com", SipHeaders = [new("X-Customer-ID", "42")] }],
            },
        ];
    }

    public static TransferStarted AttemptStarted(HandoffRequested requested) => new()
    {
        EventId = EventIds.Derive(requested.EventId, "transfer_started"),
        CallId = requested.CallId,
        CausationId = requested.EventId,
        OccurredAt = requested.OccurredAt,
        HandoffId = requested.HandoffId,
        Attempt = 1,
        Method = HandoffMethod.Refer,
        Target = "sip:support@example.com",
    };

    public static CallEvent[] Rest(TransferStarted started)
    {
        var answered = new CallAnswered { EventId = Guid.CreateVersion7(), CallId = started.CallId, CausationId = started.EventId, OccurredAt = started.OccurredAt, Leg = "caller", HandoffId = started.HandoffId };
        var progressed = new TransferProgressed { EventId = Guid.CreateVersion7(), CallId = started.CallId, CausationId = answered.EventId, OccurredAt = started.OccurredAt, HandoffId = started.HandoffId, Attempt = 1, Source = "response", Status = 202, AsReceived = "SIP/2.0 202 Accepted" };
        var again = progressed with { EventId = Guid.CreateVersion7(), CausationId = progressed.EventId, Source = "notify", Status = 100, AsReceived = "SIP/2.0 100 Trying" };
        var completed = new TransferCompleted { EventId = Guid.CreateVersion7(), CallId = started.CallId, CausationId = again.EventId, OccurredAt = started.OccurredAt, HandoffId = started.HandoffId, Attempt = 1, Method = HandoffMethod.Refer, Outcome = TransferOutcome.Answered, Evidence = new SipEvidence { Source = "notify", Status = 200, ReasonPhrase = "OK" } };
        return
        [
            answered,
            progressed,
            again,
            completed,
            new CallEnded { EventId = Guid.CreateVersion7(), CallId = started.CallId, CausationId = completed.EventId, OccurredAt = started.OccurredAt, EndedBy = CallParty.System, Cause = CallEndCause.Transferred, DurationMs = 120, AnsweredMs = 80 },
        ];
    }
}
