using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Store.Tests;

/// <summary>Makes events of calls the way the roles do; the same seed makes the same calls.</summary>
internal sealed class SampleCalls(int seed)
{
    private static readonly DateTimeOffset s_epoch = new(2025, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, JsonElement> s_state = new() { ["branch"] = JsonSerializer.SerializeToElement("North"), ["n"] = JsonSerializer.SerializeToElement(1.5) };
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
        return Draft.Started(NewId(), NewId(), at ?? s_epoch.AddSeconds(n).AddTicks(_random.Next(10_000_000)), caller, callee, trunk, node) with
        {
            SipCallId = $"{n}-{_random.Next()}@127.0.0.1",
            Headers =
            [
                new SipHeader("Via", $"SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK-{n}"),
                new SipHeader("From", $"\"Zoë <b>\" <sip:{caller}@127.0.0.1>;tag={n}"),
                new SipHeader("To", $"<sip:{callee}@127.0.0.1>"),
                new SipHeader("X-Customer-ID", "c'1\\\"\t"),
            ],
        };
    }

    public FlowSelected Select(CallEvent cause, string flow = "support") =>
        (Draft.Selected(flow, "North") with { State = s_state }).After(cause, NewId(), 3);

    public HandoffRequested Request(CallEvent cause, params Handoff[] steps) =>
        Draft.Requested(NewId(), Requester.Router, steps.Length > 0 ? steps : [new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+12222222", OutboundEndpoint = "pstn" }])
            .After(cause, NewId(), 1);

    public TransferStarted Try(HandoffRequested cause, int attempt = 1, string target = "sip:+12222222@127.0.0.1:5090") =>
        Draft.Attempt(cause.HandoffId, attempt, cause.Steps[Math.Min(attempt, cause.Steps.Count) - 1].Method, target).After(cause, NewId(), attempt);

    public TransferProgressed Progress(TransferStarted cause, int status = 180) =>
        Draft.Progressed(cause.HandoffId, cause.Attempt, "response", status, $"SIP/2.0 {status} Ringing").After(cause, NewId(), 20);

    public TransferCompleted Complete(TransferStarted cause) =>
        (Draft.Completed(cause.HandoffId, cause.Attempt, cause.Method, new SipEvidence { Source = "response", Status = 200, ReasonPhrase = "OK" }) with
        {
            Outcome = TransferOutcome.Answered,
            PostDialDelayMs = 20,
        }).After(cause, NewId(), 900);

    public TransferFailed Fail(TransferStarted cause, TransferOutcome outcome = TransferOutcome.Busy, bool final = true) =>
        (Draft.Failed(cause.HandoffId, cause.Attempt, cause.Method, new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Busy Here" }, final) with
        {
            Outcome = outcome,
        }).After(cause, NewId(), 400);

    public CallAnswered Answer(CallEvent cause, string leg = "caller") => Draft.Answered(leg).After(cause, NewId(), 2);

    public CallEnded End(CallEvent cause, CallEndCause why = CallEndCause.HungUp) => Draft.Ended(CallParty.Caller, why, 5_900, 5_000).After(cause, NewId(), 5_000);

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
