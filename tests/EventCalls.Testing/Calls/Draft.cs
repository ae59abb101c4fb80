using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Testing.Calls;

/// <summary>Events that say what happened and nothing yet of when, in which call and why: <see cref="After{T}"/> gives them that.</summary>
public static class Draft
{
    /// <summary>The logic's version in all drafts.</summary>
    public const string Logic = "sha256:3f2a91c04be7000000000000000000000000000000000000000000000000abcd";

    /// <summary>Headers of an INVITE as a trunk sends them.</summary>
    public static IReadOnlyList<SipHeader> Headers(string caller = "+15551234567", string callee = "+15557654321", string distinct = "1") =>
    [
        new("Via", $"SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-524287-{distinct};rport"),
        new("Max-Forwards", "70"),
        new("From", $"\"Alice Example\" <sip:{caller}@sbc.example.com>;tag={distinct}"),
        new("To", $"<sip:{callee}@calls.example.com>"),
        new("Call-ID", $"3848276298220188511-{distinct}@192.0.2.10"),
        new("CSeq", "1 INVITE"),
        new("Contact", $"<sip:{caller}@192.0.2.10:5060;transport=udp>"),
        new("P-Asserted-Identity", $"<sip:{caller}@sbc.example.com>"),
        new("User-Agent", "Example-SBC/7.4"),
        new("Content-Type", "application/sdp"),
    ];

    /// <summary>A session description as a trunk offers it.</summary>
    public const string Offer =
        "v=0\r\no=- 53655765 2353687637 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";

    /// <summary>A call's first event, with its ids and time: nothing comes before it.</summary>
    public static CallStarted Started(Guid id, Guid call, DateTimeOffset at, string caller = "+15551234567", string callee = "+15557654321", string trunk = "carrier", string node = "edge-1") => new()
    {
        EventId = id,
        CallId = call,
        CausationId = Guid.Empty,
        OccurredAt = at,
        Node = node,
        Trunk = trunk,
        Transport = "udp",
        RemoteEndPoint = "192.0.2.1:5060",
        SipCallId = "a84b4c76e66710@192.0.2.1",
        RequestUri = $"sip:{callee}@198.51.100.5",
        CallerNumber = caller,
        CalleeNumber = callee,
        Headers = [new SipHeader("From", $"<sip:{caller}@192.0.2.1>;tag=1"), new SipHeader("To", $"<sip:{callee}@198.51.100.5>")],
    };

    /// <summary>The logic chose a flow.</summary>
    public static FlowSelected Selected(string flow = "support", string branch = "North Branch") => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        Flow = flow,
        State = new Dictionary<string, JsonElement> { ["branch"] = JsonSerializer.SerializeToElement(branch) },
        LogicVersion = Logic,
        DecisionMicroseconds = 55,
        DecidedBy = "SupportLine.Start",
    };

    /// <summary>The logic gave nothing usable.</summary>
    public static RoutingFailed RoutingFailed(RoutingFailureCause cause, string message) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        Cause = cause,
        Message = message,
        LogicVersion = Logic,
        DefaultTaken = "reject 480",
    };

    /// <summary>No decision came in time.</summary>
    public static RoutingTimedOut TimedOut(int deadlineMs = 2_000) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        DeadlineMs = deadlineMs,
        DefaultTaken = "reject 480",
    };

    /// <summary>A handoff is asked for.</summary>
    public static HandoffRequested Requested(Guid handoff, Requester by, params IReadOnlyList<Handoff> steps) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        Node = "edge-1",
        HandoffId = handoff,
        Steps = steps,
        RequestedBy = by,
    };

    /// <summary>An attempt begins.</summary>
    public static TransferStarted Attempt(Guid handoff, int attempt, HandoffMethod method, string target) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        HandoffId = handoff,
        Attempt = attempt,
        Method = method,
        Target = target,
    };

    /// <summary>A provisional response or a report arrives.</summary>
    public static TransferProgressed Progressed(Guid handoff, int attempt, string source, int status, string asReceived) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        HandoffId = handoff,
        Attempt = attempt,
        Source = source,
        Status = status,
        AsReceived = asReceived,
    };

    /// <summary>A leg is answered.</summary>
    public static CallAnswered Answered(string leg, Guid? handoff = null) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        Leg = leg,
        HandoffId = handoff,
    };

    /// <summary>The attempt succeeds; the outcome is what the evidence says.</summary>
    public static TransferCompleted Completed(Guid handoff, int attempt, HandoffMethod method, SipEvidence evidence) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        HandoffId = handoff,
        Attempt = attempt,
        Method = method,
        Outcome = TransferOutcomes.Derive(method, evidence),
        Evidence = evidence,
    };

    /// <summary>The attempt fails; the outcome is what the evidence says.</summary>
    public static TransferFailed Failed(Guid handoff, int attempt, HandoffMethod method, SipEvidence evidence, bool final = true) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        HandoffId = handoff,
        Attempt = attempt,
        Method = method,
        Outcome = TransferOutcomes.Derive(method, evidence),
        Evidence = evidence,
        Final = final,
    };

    /// <summary>The call ends.</summary>
    public static CallEnded Ended(CallParty by, CallEndCause cause, long durationMs, long? answeredMs = null) => new()
    {
        EventId = default,
        CallId = default,
        CausationId = default,
        OccurredAt = default,
        EndedBy = by,
        Cause = cause,
        DurationMs = durationMs,
        AnsweredMs = answeredMs,
    };

    /// <summary>The draft as an event of the cause's call.</summary>
    /// <param name="draft">What happened.</param>
    /// <param name="cause">The event that caused it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="milliseconds">How long after the cause.</param>
    public static T After<T>(this T draft, CallEvent cause, Guid id, double milliseconds = 0)
        where T : CallEvent => draft with { EventId = id, CallId = cause.CallId, CausationId = cause.EventId, OccurredAt = cause.OccurredAt.AddMilliseconds(milliseconds) };
}
