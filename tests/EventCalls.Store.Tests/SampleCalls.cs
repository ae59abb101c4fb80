using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Store.Tests;

/// <summary>Makes events of calls the way the roles do; the same seed makes the same calls.</summary>
internal sealed class SampleCalls(int seed)
{
    private static readonly DateTimeOffset s_epoch = new(2025, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly Random _random = new(seed);
    private int _calls;

    public Guid NewId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>A call's start.</summary>
    public CallStarted Start(string node = "edge-1", string caller = "+15551230001", string callee = "+15557654321", string trunk = "carrier", DateTimeOffset? at = null)
    {
        int n = ++_calls;
        return new CallStarted
        {
            EventId = NewId(),
            CallId = NewId(),
            CausationId = Guid.Empty,
            OccurredAt = at ?? s_epoch.AddSeconds(n).AddTicks(_random.Next(10_000_000)),
            Node = node,
            Trunk = trunk,
            Transport = "udp",
            RemoteEndPoint = "127.0.0.1:5080",
            SipCallId = $"{n}-{_random.Next()}@127.0.0.1",
            RequestUri = $"sip:{callee}@127.0.0.1",
            CallerNumber = caller,
            CalleeNumber = callee,
            Headers =
            [
                new SipHeader("Via", $"SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK-{n}"),
                new SipHeader("From", $"\"Zoë <b>\" <sip:{caller}@127.0.0.1>;tag={n}"),
                new SipHeader("To", $"<sip:{callee}@127.0.0.1>"),
                new SipHeader("X-Customer-ID", "c'1\\\"\t"),
            ],
        };
    }

    public FlowSelected Select(CallEvent cause, string flow = "support") => new()
    {
        EventId = NewId(),
        CallId = cause.CallId,
        CausationId = cause.EventId,
        OccurredAt = cause.OccurredAt.AddMilliseconds(3),
        Flow = flow,
        State = new Dictionary<string, JsonElement> { ["branch"] = JsonSerializer.SerializeToElement("North"), ["n"] = JsonSerializer.SerializeToElement(1.5) },
        LogicVersion = "sha256:" + new string('a', 64),
        DecisionMicroseconds = 55,
        DecidedBy = "SupportLine.Start",
    };

    public HandoffRequested Request(CallEvent cause, params Handoff[] steps) => new()
    {
        EventId = NewId(),
        CallId = cause.CallId,
        CausationId = cause.EventId,
        OccurredAt = cause.OccurredAt.AddMilliseconds(1),
        Node = "edge-1",
        HandoffId = NewId(),
        Steps = steps.Length > 0 ? steps : [new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+12222222", OutboundEndpoint = "pstn" }],
        RequestedBy = Requester.Router,
    };

    public TransferStarted Try(HandoffRequested cause, int attempt = 1, string target = "sip:+12222222@127.0.0.1:5090") => new()
    {
        EventId = NewId(),
        CallId = cause.CallId,
        CausationId = cause.EventId,
        OccurredAt = cause.OccurredAt.AddMilliseconds(attempt),
        HandoffId = cause.HandoffId,
        Attempt = attempt,
        Method = cause.Steps[Math.Min(attempt, cause.Steps.Count) - 1].Method,
        Target = target,
    };

    public TransferProgressed Progress(TransferStarted cause, int status = 180) => new()
    {
        EventId = NewId(),
        CallId = cause.CallId,
        CausationId = cause.EventId,
        OccurredAt = cause.OccurredAt.AddMilliseconds(20),
        HandoffId = cause.HandoffId,
        Attempt = cause.Attempt,
        Source = "response",
        Status = status,
        AsReceived = $"SIP/2.0 {status} Ringing",
    };

    public TransferCompleted Complete(TransferStarted cause) => new()
    {
        EventId = NewId(),
        CallId = cause.CallId,
        CausationId = cause.EventId,
        OccurredAt = cause.OccurredAt.AddMilliseconds(900),
        HandoffId = cause.HandoffId,
        Attempt = cause.Attempt,
        Method = cause.Method,
        Outcome = TransferOutcome.Answered,
        Evidence = new SipEvidence { Source = "response", Status = 200, ReasonPhrase = "OK" },
        PostDialDelayMs = 20,
    };

    public TransferFailed Fail(TransferStarted cause, TransferOutcome outcome = TransferOutcome.Busy, bool final = true) => new()
    {
        EventId = NewId(),
        CallId = cause.CallId,
        CausationId = cause.EventId,
        OccurredAt = cause.OccurredAt.AddMilliseconds(400),
        HandoffId = cause.HandoffId,
        Attempt = cause.Attempt,
        Method = cause.Method,
        Outcome = outcome,
        Evidence = new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Busy Here" },
        Final = final,
    };

    public CallAnswered Answer(CallEvent cause, string leg = "caller") => new()
    {
        EventId = NewId(),
        CallId = cause.CallId,
        CausationId = cause.EventId,
        OccurredAt = cause.OccurredAt.AddMilliseconds(2),
        Leg = leg,
    };

    public CallEnded End(CallEvent cause, CallEndCause why = CallEndCause.HungUp) => new()
    {
        EventId = NewId(),
        CallId = cause.CallId,
        CausationId = cause.EventId,
        OccurredAt = cause.OccurredAt.AddMilliseconds(5_000),
        EndedBy = CallParty.Caller,
        Cause = why,
        DurationMs = 5_900,
        AnsweredMs = 5_000,
    };

    /// <summary>A whole call, bridged and hung up: 9 events.</summary>
    public List<CallEvent> Bridged(string caller = "+15551230001")
    {
        var started = Start(caller: caller);
        var selected = Select(started);
        var requested = Request(selected);
        var tried = Try(requested);
        var completed = Complete(tried);
        return [started, selected, requested, tried, Progress(tried), completed, Answer(completed, "target"), Answer(completed), End(completed)];
    }

    /// <summary>A bridged call whose node says in which order it recorded its events, as nodes do.</summary>
    public List<CallEvent> BridgedInOrder()
    {
        var events = Bridged();
        Guid last = default;
        for (int i = 0; i < events.Count; i++)
        {
            var e = events[i];
            if (e is FlowSelected or HandoffRequested)
                continue;
            if (last != default && last != e.CausationId)
                events[i] = e with { AfterId = last };
            last = e.EventId;
        }
        return events;
    }

    /// <summary>A call of any shape: some stop early, some fail and fall back, some are still open.</summary>
    public List<CallEvent> Any()
    {
        var events = new List<CallEvent> { Start(node: $"edge-{_random.Next(3)}", caller: $"+1555{_random.Next(20):0000}", trunk: _random.Next(2) == 0 ? "carrier" : "pbx") };
        if (_random.Next(10) == 0)
            return events;
        if (_random.Next(8) == 0)
            return [.. events, End(events[^1], CallEndCause.Cancelled)];
        events.Add(Select(events[^1], $"flow-{_random.Next(4)}"));
        var requested = Request(events[^1], AnyStep(), AnyStep(), AnyStep());
        events.Add(requested);
        CallEvent last = requested;
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            var tried = Try(requested, attempt, attempt == 2 ? "" : $"sip:target-{attempt}@127.0.0.1");
            events.Add(tried);
            for (int i = _random.Next(3); i > 0; i--)
                events.Add(Progress(tried));
            bool good = _random.Next(2) == 0;
            last = good ? Complete(tried) : Fail(tried, Enum.GetValues<TransferOutcome>()[_random.Next(2, 14)], attempt == 3);
            events.Add(last);
            if (good)
                break;
        }
        if (_random.Next(4) != 0)
            events.Add(End(last));
        return events;
    }

    private Handoff AnyStep() => _random.Next(4) switch
    {
        0 => new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:support@example.com" },
        1 => new Handoff { Method = HandoffMethod.Redirect, Contacts = ["sip:a@example.com", "sip:b@example.com"] },
        2 => new Handoff { Method = HandoffMethod.Bye },
        _ => new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+12222222" },
    };
}
