using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Store;

namespace EventCalls.Replay.Explaining;

/// <summary>Finds the decisions in a call's stream.</summary>
public static class RecordedDecisions
{
    /// <summary>All of them, in order; an event that cannot be read says nothing.</summary>
    /// <param name="stream">The stream as it is stored.</param>
    public static IReadOnlyList<RecordedDecision> Of(IEnumerable<StoredEvent> stream) => Of([.. stream.Select(Read)]);

    /// <summary>All of them, in order.</summary>
    /// <param name="events">The stream, in order; null where an event cannot be read.</param>
    public static IReadOnlyList<RecordedDecision> Of(IReadOnlyList<CallEvent?> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var found = new List<RecordedDecision>();
        for (int i = 0; i < events.Count; i++)
        {
            var decision = events[i] switch
            {
                FlowSelected selected => Selected(events, i, selected),
                RoutingTimedOut timedOut => TimedOut(events, i, timedOut),
                HandoffRequested { RequestedBy: Requester.Api } requested => Asked(events, i, requested, DecisionKind.Api),
                HandoffRequested { RequestedBy: Requester.Caller or Requester.Target } requested when events.Take(i).Any(e => e is ReferReceived && e.EventId == requested.CausationId)
                    => Asked(events, i, requested, DecisionKind.Policy),
                _ => null,
            };
            if (decision is not null)
                found.Add(decision with { Number = found.Count + 1 });
        }

        return found;
    }

    private static CallEvent? Read(StoredEvent stored)
    {
        try
        {
            return stored.Read();
        }
        catch (Exception e) when (e is NotSupportedException or JsonException)
        {
            return null;
        }
    }

    private static RecordedDecision Selected(IReadOnlyList<CallEvent?> events, int at, FlowSelected selected)
    {
        var failed = events.Take(at).OfType<RoutingFailed>().LastOrDefault(f => f.CausationId == selected.CausationId);
        int cause = IndexOf(events, selected.CausationId);
        var after = cause < 0 ? null : events[cause] as TransferFailed;
        return new RecordedDecision
        {
            Number = 0,
            Kind = KindOf(selected, failed),
            Event = at + 1,
            OccurredAt = selected.OccurredAt,
            CauseEvent = cause < 0 ? null : cause + 1,
            AfterTransfer = after,
            OnRefer = cause < 0 ? null : events[cause] as ReferReceived,
            OnCommand = cause < 0 ? null : events[cause] as CommandTaken,
            Selected = selected,
            Failed = failed,
            Handoff = events.Skip(at).OfType<HandoffRequested>().FirstOrDefault(h => h.CausationId == selected.EventId),
            Request = RequestOf(events, at, cause, after, selected),
        };
    }

    private static RecordedDecision TimedOut(IReadOnlyList<CallEvent?> events, int at, RoutingTimedOut timedOut)
    {
        int cause = IndexOf(events, timedOut.CausationId);
        return new RecordedDecision
        {
            Number = 0,
            Kind = DecisionKind.Deadline,
            Event = at + 1,
            OccurredAt = timedOut.OccurredAt,
            CauseEvent = cause < 0 ? null : cause + 1,
            AfterTransfer = cause < 0 ? null : events[cause] as TransferFailed,
            OnRefer = cause < 0 ? null : events[cause] as ReferReceived,
            OnCommand = cause < 0 ? null : events[cause] as CommandTaken,
            TimedOut = timedOut,
            Handoff = events.Skip(at).OfType<HandoffRequested>().FirstOrDefault(h => h.CausationId == timedOut.EventId),
        };
    }

    private static RecordedDecision Asked(IReadOnlyList<CallEvent?> events, int at, HandoffRequested requested, DecisionKind kind)
    {
        int cause = IndexOf(events, requested.CausationId);
        return new RecordedDecision
        {
            Number = 0,
            Kind = kind,
            Event = at + 1,
            OccurredAt = requested.OccurredAt,
            CauseEvent = cause < 0 ? null : cause + 1,
            OnRefer = cause < 0 ? null : events[cause] as ReferReceived,
            OnCommand = cause < 0 ? null : events[cause] as CommandTaken,
            Handoff = requested,
        };
    }

    private static DecisionKind KindOf(FlowSelected selected, RoutingFailed? failed) =>
        selected.LogicVersion == LogicVersionName.None || failed?.Cause == RoutingFailureCause.NoLogic ? DecisionKind.None
        : failed is not null ? DecisionKind.Default
        : LogicVersionName.IsWebhook(selected.LogicVersion) ? DecisionKind.Webhook
        : DecisionKind.Logic;

    private static DecisionRequest? RequestOf(IReadOnlyList<CallEvent?> events, int at, int cause, TransferFailed? after, FlowSelected selected)
    {
        if (events[0] is not CallStarted started)
            return null;
        DecisionRequest request;
        var before = cause < 0 ? null : Before(events, cause);
        if (cause >= 0 && events[cause] is ReferReceived refer)
        {
            request = DecisionRequest.For(started, before, refer, null);
        }
        else if (cause >= 0 && events[cause] is CommandTaken command)
        {
            request = DecisionRequest.For(started, before, command);
        }
        else if (after is null)
        {
            request = DecisionRequest.For(started);
        }
        else
        {
            if (before is null)
                return null;
            var target = events.Take(cause).OfType<TransferStarted>().LastOrDefault(t => t.HandoffId == after.HandoffId && t.Attempt == after.Attempt)?.Target;
            bool answered = events.Take(at).Any(e => e is CallAnswered { Leg: "caller" });
            request = DecisionRequest.For(started, before, after, target, answered);
        }

        int from = before is null ? -1 : IndexOf(events, before.CausationId);
        for (int i = from + 1; i < events.Count; i++)
        {
            if (events[i] is StateChanged changed && (i < cause || changed.CausationId == selected.CausationId))
                request = request with { State = StateChanged.After(request.State, changed.Changes) };
        }

        return selected.Inputs is { } inputs ? request.WithRecorded(inputs) : request;
    }

    /// <summary>The decision that the one goes on from that is asked for by the event at <paramref name="cause"/>: the last one that the node had taken by then.</summary>
    private static FlowSelected? Before(IReadOnlyList<CallEvent?> events, int cause)
    {
        if (events[cause] is CommandTaken command)
            return command.After is { } after ? events.OfType<FlowSelected>().FirstOrDefault(s => s.EventId == after) : null;
        var selected = events.Take(cause).OfType<FlowSelected>();
        if (!events.Any(e => e is CommandTaken))
            return selected.LastOrDefault();
        // What a command overtook came too late.
        var refused = events.OfType<TransferFailed>().Where(f => f.Evidence.IsRefusal()).Select(f => f.HandoffId).ToHashSet();
        return selected.LastOrDefault(s => !events.OfType<HandoffRequested>().Any(h => h.CausationId == s.EventId && refused.Contains(h.HandoffId)));
    }

    private static int IndexOf(IReadOnlyList<CallEvent?> events, Guid id)
    {
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i] is { } e && e.EventId == id)
                return i;
        }

        return -1;
    }
}
