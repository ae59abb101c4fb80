using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Host.Tests.Commands;

/// <summary>Builds the stream of one call, event by event, with times and ids that are always the same.</summary>
internal sealed class RecordedCall
{
    public const string Logic = "sha256:3f2a91c04be7000000000000000000000000000000000000000000000000abcd";

    private readonly List<CallEvent> _events = [];
    private readonly int _number;
    private DateTimeOffset _now;
    private Guid _handoff;

    /// <param name="number">Distinguishes the calls of a test; also their order in time, a minute apart.</param>
    /// <param name="caller">The caller's number.</param>
    /// <param name="callee">The dialled number.</param>
    public RecordedCall(int number = 1, string caller = "+15551234567", string callee = "+15557654321", string trunk = "carrier")
    {
        _number = number;
        _now = new DateTimeOffset(2026, 11, 22, 13, 48, 44, 123, TimeSpan.Zero).AddMinutes(number - 1);
        Id = new Guid(0x0199c3d2, 0x7a1b, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)number);
        Add(new CallStarted
        {
            EventId = default,
            CallId = Id,
            CausationId = default,
            OccurredAt = default,
            Node = "edge-1",
            Trunk = trunk,
            Transport = "udp",
            RemoteEndPoint = "192.0.2.1:5060",
            SipCallId = SipCallId,
            RequestUri = $"sip:{callee}@198.51.100.5",
            CallerNumber = caller,
            CalleeNumber = callee,
            Headers = [new SipHeader("From", $"<sip:{caller}@192.0.2.1>;tag=1"), new SipHeader("To", $"<sip:{callee}@198.51.100.5>")],
        });
    }

    public Guid Id { get; }

    public string SipCallId => $"a84b4c76e66710-{_number}@192.0.2.1";

    public IReadOnlyList<CallEvent> Events => _events;

    private Guid First => _events[0].EventId;

    private Guid Last => _events[^1].EventId;

    /// <summary>Lets time go by, milliseconds.</summary>
    public RecordedCall After(int milliseconds)
    {
        _now = _now.AddMilliseconds(milliseconds);
        return this;
    }

    /// <summary>Logic decides: a flow and a handoff.</summary>
    public RecordedCall Decided(string flow, params Handoff[] steps)
    {
        After(4);
        Add(new FlowSelected
        {
            EventId = default,
            CallId = Id,
            CausationId = default,
            OccurredAt = default,
            Flow = flow,
            State = new Dictionary<string, JsonElement> { ["branch"] = JsonSerializer.SerializeToElement("North Branch") },
            LogicVersion = Logic,
            DecisionMicroseconds = 412,
            DecidedBy = "SupportLine.VipSupport (SupportLine.cs:16)",
            Inputs = new DecisionInputs { Now = _now, Seed = 7, Lookups = [new LookupAnswer("branches", "+15557654321", "North Branch")] },
        });
        return HandedOff(Requester.Router, steps);
    }

    /// <summary>A handoff is asked for.</summary>
    public RecordedCall HandedOff(Requester by, params Handoff[] steps)
    {
        _handoff = EventIds.Derive(Last, "handoff");
        return Add(new HandoffRequested
        {
            EventId = default,
            CallId = Id,
            CausationId = default,
            OccurredAt = default,
            Node = "edge-1",
            HandoffId = _handoff,
            Steps = steps,
            RequestedBy = by,
        });
    }

    /// <summary>Logic fails, and the default is taken.</summary>
    public RecordedCall RoutingFails() => After(3).Add(new RoutingFailed
    {
        EventId = default,
        CallId = Id,
        CausationId = default,
        OccurredAt = default,
        Cause = RoutingFailureCause.LogicThrew,
        Message = "NullReferenceException in SupportLine.cs:12",
        LogicVersion = Logic,
        DefaultTaken = "reject 480",
    });

    /// <summary>The default stands in for a decision.</summary>
    public RecordedCall DefaultTaken() => Add(new FlowSelected
    {
        EventId = default,
        CallId = Id,
        CausationId = default,
        OccurredAt = default,
        Flow = "default",
        State = new Dictionary<string, JsonElement>(),
        LogicVersion = Logic,
        DecisionMicroseconds = 0,
        DecidedBy = "default",
    });

    /// <summary>An attempt begins.</summary>
    public RecordedCall Attempt(int attempt, HandoffMethod method, string target, string? trunk = null, params SipHeader[] headers) => After(2).Add(new TransferStarted
    {
        EventId = default,
        CallId = Id,
        CausationId = default,
        OccurredAt = default,
        HandoffId = _handoff,
        Attempt = attempt,
        Method = method,
        Target = target,
        Trunk = trunk,
        HeadersSent = headers,
    });

    /// <summary>A provisional response or a report arrives.</summary>
    public RecordedCall Progress(int attempt, string source, int status, string asReceived) => Add(new TransferProgressed
    {
        EventId = default,
        CallId = Id,
        CausationId = default,
        OccurredAt = default,
        HandoffId = _handoff,
        Attempt = attempt,
        Source = source,
        Status = status,
        AsReceived = asReceived,
    });

    /// <summary>A leg is answered.</summary>
    public RecordedCall Answered(string leg) => Add(new CallAnswered
    {
        EventId = default,
        CallId = Id,
        CausationId = default,
        OccurredAt = default,
        Leg = leg,
        HandoffId = _handoff,
    });

    /// <summary>The attempt succeeds.</summary>
    public RecordedCall Completed(int attempt, HandoffMethod method, SipEvidence evidence, string? by = null, long? delay = null) => Add(new TransferCompleted
    {
        EventId = default,
        CallId = Id,
        CausationId = default,
        OccurredAt = default,
        HandoffId = _handoff,
        Attempt = attempt,
        Method = method,
        Outcome = TransferOutcomes.Derive(method, evidence),
        Evidence = evidence,
        AnsweredBy = by,
        PostDialDelayMs = delay,
    });

    /// <summary>The attempt fails.</summary>
    public RecordedCall Failed(int attempt, HandoffMethod method, SipEvidence evidence, bool final = true) => Add(new TransferFailed
    {
        EventId = default,
        CallId = Id,
        CausationId = default,
        OccurredAt = default,
        HandoffId = _handoff,
        Attempt = attempt,
        Method = method,
        Outcome = TransferOutcomes.Derive(method, evidence),
        Evidence = evidence,
        Final = final,
    });

    /// <summary>The call ends.</summary>
    public RecordedCall Ended(CallParty by, CallEndCause cause, int? status = null, string? reason = null)
    {
        var answered = _events.OfType<CallAnswered>().FirstOrDefault(a => a.Leg == "caller")?.OccurredAt;
        return Add(new CallEnded
        {
            EventId = default,
            CallId = Id,
            CausationId = default,
            OccurredAt = default,
            EndedBy = by,
            Cause = cause,
            Status = status,
            Reason = reason,
            DurationMs = (long)(_now - _events[0].OccurredAt).TotalMilliseconds,
            AnsweredMs = answered is { } at ? (long)(_now - at).TotalMilliseconds : null,
        });
    }

    private RecordedCall Add(CallEvent e)
    {
        var cause = _events.Count == 0 ? Guid.Empty : Last;
        var id = new Guid(0x0199c3d2, 0x7a1b, 0x7000, 0x90, 0, 0, 0, 0, 0, (byte)_number, (byte)(_events.Count + 1));
        _events.Add(e with { EventId = id, CausationId = cause, OccurredAt = _now });
        return this;
    }
}
