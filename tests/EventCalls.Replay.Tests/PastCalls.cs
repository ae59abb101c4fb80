using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Store;

namespace EventCalls.Replay.Tests;

/// <summary>Makes past calls as the pipeline records them: a real decision, its events, what came of the handoff, and the decision after a failure.</summary>
internal sealed class PastCalls(CompiledLogic logic, ILookupSource? lookups = null)
{
    private static readonly DateTimeOffset s_begin = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private int _made;

    /// <summary>The outcome of each handoff in turn; success when the list is at its end.</summary>
    public CallHistory Call(
        string caller = "+15550001", string callee = "+15559999", IReadOnlyList<SipHeader>? headers = null, params TransferOutcome[] failures)
    {
        var started = Started(caller, callee, headers ?? [new("From", $"<sip:{caller}@example.com>")]);
        var events = new List<CallEvent> { started };
        Decide(events, DecisionRequest.For(started), 0, failures);
        return Of([.. events, Ended(events)]);
    }

    /// <summary>A call's first event.</summary>
    public CallStarted Started(string caller = "+15550001", string callee = "+15559999", params IReadOnlyList<SipHeader> headers)
    {
        var at = s_begin.AddMinutes(7 * ++_made);
        return Draft.Started(Guid.CreateVersion7(at), Guid.CreateVersion7(at), at, caller, callee) with { SipCallId = $"call-{_made}@example.com", Headers = headers };
    }

    /// <summary>The call's last event.</summary>
    public static CallEnded Ended(IReadOnlyList<CallEvent> events) =>
        Draft.Ended(CallParty.Caller, CallEndCause.HungUp, 60_000).After(events[^1], Guid.CreateVersion7(), 60_000);

    /// <summary>The call as the store gives it.</summary>
    public static CallHistory Of(params IReadOnlyList<CallEvent> events)
    {
        CallRow? row = null;
        var stored = new List<StoredEvent>();
        foreach (var e in events)
        {
            row = CallProjection.Apply(row, e, stored.Count + 1);
            var data = EventToAppend.Of(e);
            stored.Add(Stored(e.CallId, stored.Count + 1, e.EventId, data.Type, data.Data));
        }
        return new CallHistory(row!, stored);
    }

    /// <summary>An event with any data.</summary>
    public static StoredEvent Stored(Guid call, int version, Guid id, string type, ReadOnlyMemory<byte> data) => new()
    {
        Position = version,
        CallId = call,
        Version = version,
        EventId = id,
        Type = type,
        Data = data,
    };

    /// <summary>Reads the events back, for a test that changes some.</summary>
    public static List<CallEvent> Events(CallHistory call) => [.. call.Events.Select(e => e.Read())];

    private void Decide(List<CallEvent> events, DecisionRequest request, int handoffs, TransferOutcome[] failures)
    {
        var result = Decider.Decide(logic, request, new DecideOptions { Lookups = lookups ?? LookupTables.None });
        var selected = Recorded(events, request, result);
        bool fails = handoffs < failures.Length;
        var failed = Transfer(events, result.Failure is null ? result.Steps : Default, fails ? failures[handoffs] : null);
        if (fails && result.Failure is null)
            Decide(events, DecisionRequest.For(request.Started, selected, failed!, "sip:target@192.0.2.9", callerAnswered: false), handoffs + 1, failures);
    }

    private static IReadOnlyList<Handoff> Default => [new Handoff { Method = HandoffMethod.Reject, Status = 480 }];

    private static FlowSelected Recorded(List<CallEvent> events, DecisionRequest request, DecisionResult result)
    {
        if (result.Failure is { } failure)
            events.Add((Draft.RoutingFailed(failure.Cause, failure.Message) with { LogicVersion = result.LogicVersion }).After(request.Cause, Guid.CreateVersion7(), 5));
        bool decided = result.Failure is null;
        var selected = (Draft.Selected(decided ? result.Flow : "default") with
        {
            State = decided ? result.State : new Dictionary<string, JsonElement>(),
            LogicVersion = result.LogicVersion,
            DecidedBy = result.DecidedBy,
            Inputs = result.Inputs,
        }).After(request.Cause, Guid.CreateVersion7(), 5);
        events.Add(selected);
        events.Add((Draft.Requested(Guid.CreateVersion7(), decided ? Requester.Router : Requester.Default, decided ? result.Steps : Default) with { Reason = result.Reason }).After(selected, Guid.CreateVersion7()));
        return selected;
    }

    private static TransferFailed? Transfer(List<CallEvent> events, IReadOnlyList<Handoff> steps, TransferOutcome? failure)
    {
        var handoff = (HandoffRequested)events[^1];
        for (int i = 0; i < steps.Count; i++)
        {
            bool isLast = i == steps.Count - 1;
            if (failure is null && !isLast)
                continue;
            var started = Draft.Attempt(handoff.HandoffId, i + 1, steps[i].Method, "sip:target@192.0.2.9").After(events[^1], Guid.CreateVersion7(), 1);
            events.Add(started);
            if (failure is { } outcome)
                events.Add(Failed(started, outcome, isLast));
            else
                events.Add(Completed(started));
        }
        return events[^1] as TransferFailed;
    }

    private static TransferFailed Failed(TransferStarted started, TransferOutcome outcome, bool isLast) =>
        (Draft.Failed(started.HandoffId, started.Attempt, started.Method, new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Busy Here" }, isLast) with
        {
            Outcome = outcome,
        }).After(started, Guid.CreateVersion7(), 3_000);

    private static TransferCompleted Completed(TransferStarted started) =>
        (Draft.Completed(started.HandoffId, started.Attempt, started.Method, new SipEvidence { Source = "response", Status = 200, ReasonPhrase = "OK" }) with
        {
            Outcome = TransferOutcome.Answered,
            PostDialDelayMs = 120,
        }).After(started, Guid.CreateVersion7(), 3_000);
}
