using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <content>What the logic is asked on the way, and what of it is as recorded.</content>
internal sealed partial class ForkPlay
{
    private void Ask(RerouteCall? reroute)
    {
        int number = _requested++;
        var recorded = number < _recording.Requests.Count ? _recording.Requests[number] : null;
        if (recorded?.Decision is { } decision && decision.Event <= _at)
        {
            var events = RecordedEventsOf(decision, reroute?.Cause.EventId ?? _journal.Events[0].EventId);
            _network.At(_network.Now + recorded.TookMs, () => Deliver(events));
            return;
        }
        if (recorded is { Decision: null, TimedOutAt: { } timedOut } && timedOut <= _at)
            return;
        if (_isForked && IsPending && _injection!.Kind == InjectionKind.NoDecision)
        {
            _isInjected = true;
            return;
        }
        // A caller who gave up while a decision was awaited: some milliseconds decide which comes first, so they are counted from here.
        if (recorded is { EndedAfterMs: { } left, Cause: TransferFailed was } && was.Outcome == reroute?.Failed?.Outcome && _recording.PatienceMs is not null)
            _network.At(_network.Now + left, GiveUp);
        _requests.Enqueue(new Request(number, reroute, recorded));
    }

    private List<CallEvent> RecordedEventsOf(Replay.Explaining.RecordedDecision decision, Guid own)
    {
        List<CallEvent> events = [];
        if (decision.Failed is { } failed)
            events.Add(failed);
        events.Add(decision.Selected!);
        if (decision.Handoff is { } handoff)
            events.Add(handoff with { Selected = decision.Selected! with { CausationId = own } });
        return events;
    }

    private async Task DecideAsync(Request request, CancellationToken ct)
    {
        _decisions++;
        CallEvent cause = request.Reroute is null ? _recording.Started : AsRecorded(request.Reroute, request).Cause;
        var events = request.Reroute is { } reroute
            ? await _router.DecideAsync(AsRecorded(reroute, request), ct).ConfigureAwait(false)
            : await _router.DecideAsync(_recording.Started, ct).ConfigureAwait(false);
        // In the play's stream the cause is the play's own event.
        var own = request.Reroute?.Cause.EventId ?? _journal.Events[0].EventId;
        CallEvent[] here = [.. events.Select(e => e is HandoffRequested { Selected: { } s } h ? h with { Selected = s with { CausationId = own } } : e.CausationId == cause.EventId ? e with { CausationId = own } : e)];
        _network.At(_network.Now + (request.Recorded?.TookMs ?? DecisionMs), () => Deliver(here));
    }

    /// <summary>The request with the ids of the record, from which the clock and the random numbers of the decision follow.</summary>
    private RerouteCall AsRecorded(RerouteCall reroute, Request request)
    {
        var id = EventIds.Derive(_recording.Started.EventId, "fork", request.Number);
        if (reroute.Refer is { } refer)
        {
            refer = request.Recorded?.Cause is ReferReceived asked && asked.ReferTo == refer.ReferTo
                ? refer with { EventId = asked.EventId, OccurredAt = asked.OccurredAt }
                : refer with { EventId = id };
            return reroute with { Started = _recording.Started, Refer = refer };
        }
        if (reroute.Command is { } command)
        {
            command = request.Recorded?.Cause is CommandTaken taken && taken.CommandId == command.CommandId
                ? command with { EventId = taken.EventId, OccurredAt = taken.OccurredAt }
                : command with { EventId = id };
            return reroute with { Started = _recording.Started, Command = command };
        }
        var failed = reroute.Failed!;
        failed = request.Recorded?.Cause is TransferFailed was && was.Outcome == failed.Outcome && was.Method == failed.Method
            ? failed with { EventId = was.EventId, OccurredAt = was.OccurredAt }
            : failed with { EventId = id };
        return reroute with { Started = _recording.Started, Failed = failed };
    }

    private void Deliver(IReadOnlyList<CallEvent> events)
    {
        var callId = _journal.Events[0].CallId;
        foreach (var e in events)
        {
            var here = e with { CallId = callId, OccurredAt = _clock.GetUtcNow() };
            _journal.Add(here);
            if (here is not HandoffRequested handoff)
                continue;
            _hosts.Add(handoff);
            _node.Take(handoff);
        }
    }

    private sealed record Request(int Number, RerouteCall? Reroute, RecordedRequest? Recorded);
}
