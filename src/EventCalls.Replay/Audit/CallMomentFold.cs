using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Audit;

/// <summary>Folds a call's events, in order, into what is known of it after the last one.</summary>
internal sealed class CallMomentFold
{
    private readonly List<AttemptMoment> _attempts = [];
    private readonly Dictionary<string, JsonElement> _state = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, int> _positions = [];
    private readonly List<StateChanged> _changes = [];
    private CallRow? _row;
    private CallPhase _phase;
    private HandoffRequested? _handoff;
    private CallEnded? _ended;
    private DateTimeOffset? _callerAnsweredAt;
    private DateTimeOffset? _targetAnsweredAt;
    private string? _connectedTo;

    /// <summary>Takes the next event; one that cannot be read is counted and says nothing.</summary>
    public void Add(StoredEvent stored)
    {
        CallEvent e;
        try
        {
            e = stored.Read();
        }
        catch (Exception unreadable) when (unreadable is NotSupportedException or JsonException)
        {
            return;
        }
        _row = CallProjection.Apply(_row, e, stored.Version);
        Apply(e);
    }

    /// <summary>What is known now.</summary>
    public CallMoment ToMoment(IReadOnlyList<StoredEvent> events, int at) => new()
    {
        Row = _row ?? new CallRow { CallId = events[0].CallId, StartedAt = events[0].OccurredAt, LastEventId = events[at - 1].EventId, Version = at },
        At = at,
        Of = events.Count,
        // An event of another program need not say when it was.
        OccurredAt = events.Take(at).LastOrDefault(e => e.OccurredAt != default)?.OccurredAt ?? default,
        StartedAt = events[0].OccurredAt,
        Phase = _phase,
        State = _state,
        CallerAnsweredAt = _callerAnsweredAt,
        TargetAnsweredAt = _targetAnsweredAt,
        ConnectedTo = _connectedTo,
        Handoff = _handoff,
        Attempts = _attempts,
        Ended = _ended,
    };

    private void Apply(CallEvent e)
    {
        _positions[e.EventId] = _positions.Count;
        switch (e)
        {
            case FlowSelected selected:
                _state.Clear();
                Change(selected.State);
                // What was changed after it had been asked for, it did not know.
                int asked = _positions.GetValueOrDefault(selected.CausationId);
                foreach (var later in _changes.Where(c => _positions[c.EventId] > asked && c.CausationId != selected.CausationId))
                    Change(later.Changes);
                break;
            case StateChanged changed:
                _changes.Add(changed);
                Change(changed.Changes);
                break;
            case HandoffRequested { Steps.Count: > 0 } requested:
                _handoff = requested;
                _phase = CallPhase.HandingOff;
                break;
            case CallAnswered { Leg: "caller" }:
                _callerAnsweredAt ??= e.OccurredAt;
                break;
            case CallAnswered:
                _targetAnsweredAt = e.OccurredAt;
                break;
            case TransferStarted started:
                Begin(started);
                break;
            case TransferProgressed progressed:
                Hear(progressed.HandoffId, progressed.Attempt, EventWords.Status(progressed.Status, StatusLineText.PhraseOf(progressed.AsReceived)));
                break;
            case TransferCompleted completed:
                Complete(completed);
                break;
            case TransferFailed failed:
                Fail(failed);
                break;
            case CallEnded ended:
                _ended = ended;
                _phase = CallPhase.Ended;
                break;
        }
    }

    private void Change(IReadOnlyDictionary<string, JsonElement> changes)
    {
        foreach (var (key, value) in changes)
        {
            if (value.ValueKind == JsonValueKind.Null)
                _state.Remove(key);
            else
                _state[key] = value;
        }
    }

    private void Begin(TransferStarted started)
    {
        _phase = CallPhase.HandingOff;
        _attempts.Add(new AttemptMoment
        {
            HandoffId = started.HandoffId,
            Attempt = started.Attempt,
            Method = started.Method,
            Target = started.Target,
            Trunk = started.Trunk,
            StartedAt = started.OccurredAt,
        });
    }

    private void Complete(TransferCompleted completed)
    {
        Hear(completed.HandoffId, completed.Attempt, EventWords.Status(completed.Evidence.Status, completed.Evidence.ReasonPhrase), completed.Outcome);
        bool isBridged = completed.Method == HandoffMethod.Invite;
        if (isBridged)
            _connectedTo = _attempts.FindLast(a => a.HandoffId == completed.HandoffId && a.Attempt == completed.Attempt)?.Target;
        _phase = isBridged ? CallPhase.Connected : CallPhase.Ending;
    }

    private void Fail(TransferFailed failed)
    {
        if (failed.Evidence.IsRefusal())
            return;
        Hear(failed.HandoffId, failed.Attempt, EventWords.Status(failed.Evidence.Status, failed.Evidence.ReasonPhrase), failed.Outcome);
        if (_connectedTo is null)
            _targetAnsweredAt = null;
        if (!failed.Final)
            return;
        _phase = _connectedTo is not null ? CallPhase.Connected
            : failed.Outcome is TransferOutcome.CallerHungUp or TransferOutcome.Cancelled || _handoff?.RequestedBy == Requester.Default ? CallPhase.Ending
            : CallPhase.Deciding;
    }

    private void Hear(Guid handoff, int attempt, string heard, TransferOutcome? outcome = null)
    {
        int i = _attempts.FindLastIndex(a => a.HandoffId == handoff && a.Attempt == attempt);
        if (i >= 0)
            _attempts[i] = _attempts[i] with { Heard = heard.Length > 0 ? heard : _attempts[i].Heard, Outcome = outcome ?? _attempts[i].Outcome };
    }
}
