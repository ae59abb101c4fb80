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
        return new CallStarted
        {
            EventId = Guid.CreateVersion7(at),
            CallId = Guid.CreateVersion7(at),
            CausationId = Guid.Empty,
            OccurredAt = at,
            Node = "edge-1",
            Trunk = "carrier",
            Transport = "udp",
            RemoteEndPoint = "192.0.2.1:5060",
            SipCallId = $"call-{_made}@example.com",
            RequestUri = $"sip:{callee}@example.com",
            CallerNumber = caller,
            CalleeNumber = callee,
            Headers = headers,
        };
    }

    /// <summary>The call's last event.</summary>
    public static CallEnded Ended(IReadOnlyList<CallEvent> events) => new()
    {
        EventId = Guid.CreateVersion7(),
        CallId = events[0].CallId,
        CausationId = events[^1].EventId,
        OccurredAt = events[^1].OccurredAt.AddSeconds(60),
        EndedBy = CallParty.Caller,
        Cause = CallEndCause.HungUp,
        DurationMs = 60_000,
    };

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
        var at = request.Cause.OccurredAt.AddMilliseconds(5);
        if (result.Failure is { } failure)
        {
            events.Add(new RoutingFailed
            {
                EventId = Guid.CreateVersion7(),
                CallId = request.Started.CallId,
                CausationId = request.Cause.EventId,
                OccurredAt = at,
                Cause = failure.Cause,
                Message = failure.Message,
                LogicVersion = result.LogicVersion,
                DefaultTaken = "reject 480",
            });
        }
        var selected = new FlowSelected
        {
            EventId = Guid.CreateVersion7(),
            CallId = request.Started.CallId,
            CausationId = request.Cause.EventId,
            OccurredAt = at,
            Flow = result.Failure is null ? result.Flow : "default",
            State = result.Failure is null ? result.State : new Dictionary<string, JsonElement>(),
            LogicVersion = result.LogicVersion,
            DecisionMicroseconds = 40,
            DecidedBy = result.DecidedBy,
            Inputs = result.Inputs,
        };
        events.Add(selected);
        events.Add(new HandoffRequested
        {
            EventId = Guid.CreateVersion7(),
            CallId = selected.CallId,
            CausationId = selected.EventId,
            OccurredAt = at,
            Node = "edge-1",
            HandoffId = Guid.CreateVersion7(),
            Steps = result.Failure is null ? result.Steps : Default,
            RequestedBy = result.Failure is null ? Requester.Router : Requester.Default,
        });
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
            var started = new TransferStarted
            {
                EventId = Guid.CreateVersion7(),
                CallId = handoff.CallId,
                CausationId = events[^1].EventId,
                OccurredAt = events[^1].OccurredAt.AddMilliseconds(1),
                HandoffId = handoff.HandoffId,
                Attempt = i + 1,
                Method = steps[i].Method,
                Target = "sip:target@192.0.2.9",
            };
            events.Add(started);
            if (failure is { } outcome)
                events.Add(Failed(started, outcome, isLast));
            else
                events.Add(Completed(started));
        }
        return events[^1] as TransferFailed;
    }

    private static TransferFailed Failed(TransferStarted started, TransferOutcome outcome, bool isLast) => new()
    {
        EventId = Guid.CreateVersion7(),
        CallId = started.CallId,
        CausationId = started.EventId,
        OccurredAt = started.OccurredAt.AddSeconds(3),
        HandoffId = started.HandoffId,
        Attempt = started.Attempt,
        Method = started.Method,
        Outcome = outcome,
        Evidence = new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Busy Here" },
        Final = isLast,
    };

    private static TransferCompleted Completed(TransferStarted started) => new()
    {
        EventId = Guid.CreateVersion7(),
        CallId = started.CallId,
        CausationId = started.EventId,
        OccurredAt = started.OccurredAt.AddSeconds(3),
        HandoffId = started.HandoffId,
        Attempt = started.Attempt,
        Method = started.Method,
        Outcome = TransferOutcome.Answered,
        Evidence = new SipEvidence { Source = "response", Status = 200, ReasonPhrase = "OK" },
        PostDialDelayMs = 120,
    };
}
