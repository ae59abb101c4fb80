using System.Text.Json;

namespace EventCalls.Contracts.Tests;

/// <summary>One event of every type with everything set, and one with only what is required.</summary>
internal static class SampleEvents
{
    private static readonly Guid s_id = new("01950f00-0000-7000-8000-000000000001");
    private static readonly Guid s_call = new("01950f00-0000-7000-8000-000000000002");
    private static readonly Guid s_cause = new("01950f00-0000-7000-8000-000000000003");
    private static readonly Guid s_after = new("01950f00-0000-7000-8000-000000000005");
    private static readonly Guid s_handoff = new("01950f00-0000-7000-8000-000000000004");
    private static readonly DateTimeOffset s_at = new DateTimeOffset(2025, 3, 1, 8, 0, 0, TimeSpan.Zero).AddTicks(1234567);
    private static readonly SipEvidence s_evidence = new()
    {
        Source = "notify",
        Status = 486,
        ReasonPhrase = "Busy Here",
        Reason = "Q.850;cause=17;text=\"User busy\"",
        RetryAfter = "30",
        Warning = "399 host \"x\"",
        SubscriptionState = "terminated;reason=noresource",
    };

    private static readonly FlowSelected s_selected = new()
    {
        EventId = s_id,
        CallId = s_call,
        CausationId = s_cause,
        OccurredAt = s_at,
        Flow = "vip_support",
        LogicVersion = "sha256:00",
        DecisionMicroseconds = 55,
        DecidedBy = "SupportLine.VipSupport (a.cs:12)",
        DecidesRefers = true,
        State = new Dictionary<string, JsonElement> { ["caller_id"] = Json("\"x\""), ["n"] = Json("1.50"), ["deep"] = Json("{\"a\":[null,true]}") },
        Inputs = new DecisionInputs { Now = s_at, Seed = -7, Lookups = [new LookupAnswer("crm", "k", "v"), new LookupAnswer("crm", "k2", null)] },
        Log = ["gold customer"],
        Metrics = [new LogicMetric("queue.length", 3.5)],
    };

    public static IReadOnlyList<CallEvent> Full { get; } =
    [.. ((CallEvent[])
    [
        new CallStarted
        {
            EventId = s_id, CallId = s_call, CausationId = Guid.Empty, OccurredAt = s_at, Node = "edge-1", Trunk = "carrier", Transport = "udp",
            RemoteEndPoint = "[2001:db8::1]:5060", SipCallId = "a@b", RequestUri = "sip:+1555@host;user=phone", CallerNumber = "", CalleeNumber = "+1555",
            Headers = [new SipHeader("From", "\"Zoë <b>\" <sip:a@b>;tag=1"), new SipHeader("from", "again\\"), new SipHeader("X-Empty", "")],
            OfferedMedia = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n", ImportedFrom = "monday.pcapng", MaskedAt = s_at,
            Identity = [new IdentityCheck { Kind = "shaken", Verdict = IdentityVerdict.Invalid, Problem = IdentityProblem.Stale }],
        },
        new CallAnswered { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Leg = "target", HandoffId = s_handoff },
        s_selected,
        new ReferReceived
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Leg = "target", ReferTo = "sip:+1555@x?X-A=1", Target = "sip:+1555@x", Headers = [new SipHeader("X-A", "1")],
            Replaces = "a@b;to-tag=1;from-tag=2", ReferredBy = "<sip:agent@x>", Policy = ReferPolicy.Pass, OutboundEndpoint = "pstn", Status = 202,
        },
        new HandoffRequested
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Node = "edge-1", HandoffId = s_handoff, RequestedBy = Requester.Router, Reason = "vip", Selected = s_selected,
            Steps =
            [
                new Handoff
                {
                    Method = HandoffMethod.Invite, PhoneNumber = "+12222222", ReferTo = "sip:r@x", Contacts = ["sip:a@x", "+1"], OutboundEndpoint = "pstn", OutboundCallerId = "+1",
                    SipHeaders = [new SipHeader("X-Customer-ID", "7")], RingTimeoutSeconds = 20, Replaces = "a@b;to-tag=1;from-tag=2", NotifyTimeoutSeconds = 30, Media = "anchor", Record = true, Status = 480, Reason = "why",
                },
                new Handoff { Method = HandoffMethod.Bye },
            ],
        },
        new RoutingFailed { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Cause = RoutingFailureCause.LogicThrew, Message = "m\n", LogicVersion = "none", DefaultTaken = "reject 480" },
        new RoutingTimedOut { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, DeadlineMs = 2_000, DefaultTaken = "reject 480" },
        new TransferStarted
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, HandoffId = s_handoff, Attempt = 2, Method = HandoffMethod.Refer, Target = "sip:t@x",
            Trunk = "pstn", CallerId = "+1", HeadersSent = [new SipHeader("X-A", "1")],
        },
        new TransferProgressed { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, HandoffId = s_handoff, Attempt = 1, Source = "notify", Status = 180, AsReceived = "SIP/2.0 180 Ringing\r\n" },
        new TransferCompleted
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, HandoffId = s_handoff, Attempt = 1, Method = HandoffMethod.Redirect,
            Outcome = TransferOutcome.Accepted, Evidence = s_evidence, PostDialDelayMs = 12, AnsweredBy = "sip:t@x",
        },
        new TransferFailed
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, HandoffId = s_handoff, Attempt = 1, Method = HandoffMethod.Invite,
            Outcome = TransferOutcome.NoAnswer, Evidence = s_evidence, PostDialDelayMs = 12, Final = true,
        },
        new RecordingStored { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Location = "file:///r.wav", DurationMs = 1, Bytes = 2, PausedMs = 3, Dropped = 4, StartedAt = s_at },
        new RecordingFailed { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Why = "no space is left", Location = "file:///r.wav", DurationMs = 1, StartedAt = s_at },
        new RecordingPaused { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Paused = true, By = "anna", HandoffId = s_handoff },
        new RecordingDiscarded { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, DurationMs = 1, By = "anna" },
        new RecordingStreamed { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Recorder = "sip:srs@recorder", SessionId = "MDEyMzQ1Njc4OWFiY2RlZg==", DurationMs = 1, StartedAt = s_at },
        new MonitorStarted
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, MonitorId = s_id, By = "anna", Target = "sip:lead@pbx", OutboundEndpoint = "pbx", Mode = MonitorMode.Whisper,
            Side = "target",
        },
        new MonitorChanged { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, MonitorId = s_id, By = "anna", Mode = MonitorMode.Whisper, Side = "caller" },
        new MonitorEnded
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, MonitorId = s_id, By = "anna", Target = "sip:lead@pbx", Mode = MonitorMode.Join,
            Cause = MonitorEndCause.NotReached, Detail = "486 Busy Here", DurationMs = 1,
        },
        new MediaStatistics
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Leg = "target", Codec = "PCMA", Received = 1_000, Lost = 7, JitterMs = 1.25, Mos = 4.1,
            Sent = 990, Ignored = 3,
        },
        new DtmfReceived { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Leg = "caller", Digit = "#", DurationMs = 90 },
        new StateChanged { EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, Changes = new Dictionary<string, JsonElement> { ["gone"] = Json("null") } },
        new CommandTaken
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, CommandId = s_id, Kind = CommandKind.Flow, By = "anna", Reason = "vip", HandoffId = s_handoff,
            Flow = "vip_support", After = s_after, Recording = RecordingChange.Pause,
            Monitor = new MonitorChange { Action = MonitorAction.Start, MonitorId = s_id, Target = "sip:lead@pbx", OutboundEndpoint = "pbx", Mode = MonitorMode.Whisper, Side = "target" },
        },
        new CallEnded
        {
            EventId = s_id, CallId = s_call, CausationId = s_cause, OccurredAt = s_at, EndedBy = CallParty.System, Cause = CallEndCause.NodeLost, Status = 480,
            Reason = "SIP;cause=200", DurationMs = long.MaxValue, AnsweredMs = 0,
        },
    ]).Select(e => e with { AfterId = s_after })];

    public static IReadOnlyList<CallEvent> Bare { get; } = [.. Full.Select(e => WithoutOptional(e) with { AfterId = null })];

    private static CallEvent WithoutOptional(CallEvent e) => e switch
    {
        CallStarted started => started with { OfferedMedia = null, Headers = [], Identity = null },
        CallAnswered answered => answered with { HandoffId = null },
        CommandTaken taken => taken with { Reason = null, HandoffId = null, Flow = null, After = null, Recording = null, Monitor = null },
        MonitorStarted started => started with { OutboundEndpoint = null, Side = null },
        MonitorChanged changed => changed with { Side = null },
        MonitorEnded ended => ended with { Detail = null, DurationMs = null },
        RecordingPaused paused => paused with { By = null, HandoffId = null },
        FlowSelected selected => selected with { DecidesRefers = null, Inputs = null, Log = null, Metrics = null, State = new Dictionary<string, JsonElement>() },
        HandoffRequested requested => requested with { Steps = [], Reason = null, Selected = null },
        ReferReceived refer => refer with { Headers = [], Replaces = null, ReferredBy = null, OutboundEndpoint = null },
        TransferStarted started => started with { Trunk = null, CallerId = null, HeadersSent = [] },
        TransferProgressed progressed => progressed with { Status = null, AsReceived = null },
        TransferCompleted completed => completed with { PostDialDelayMs = null, AnsweredBy = null, Evidence = new SipEvidence { Source = "local" } },
        TransferFailed failed => failed with { PostDialDelayMs = null, Evidence = new SipEvidence { Source = "local" } },
        DtmfReceived dtmf => dtmf with { Leg = null, DurationMs = null },
        CallEnded ended => ended with { Status = null, Reason = null, AnsweredMs = null },
        _ => e,
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
