using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Store;

namespace EventCalls.Replay.Past;

/// <summary>Folds a call's events, in the order of its stream, into its decisions and attempts.</summary>
internal sealed class PastCallFold
{
    private readonly PastAttempts _attempts = new();
    private readonly List<PastDecision> _decisions = [];
    private List<ReferReceived>? _refers;
    private PastCommands? _commands;
    private List<(TransferFailed Failed, string? Target, bool CallerAnswered)>? _failures;
    private bool _callerAnswered;
    private string? _problem;

    public CallStarted? Started { get; private set; }

    public IReadOnlyList<PastAttempt> Attempts => _attempts.ToList();

    public void Add(CallEvent e)
    {
        _commands?.OnEvent(e);
        switch (e)
        {
            case CallStarted started:
                Started ??= started;
                break;
            case CallAnswered { Leg: "caller" }:
                _callerAnswered = true;
                break;
            case FlowSelected selected when Of(selected) is { } decision:
                decision.Selected ??= selected;
                break;
            case RoutingFailed failed when Of(failed) is { } decision:
                decision.RoutingFailed ??= failed;
                break;
            case RoutingTimedOut timedOut when Of(timedOut) is { } decision:
                decision.TimedOut ??= timedOut;
                break;
            case ReferReceived refer:
                (_refers ??= []).Add(refer);
                break;
            case CommandTaken or StateChanged:
                (_commands ??= new PastCommands()).Add(e);
                break;
            case HandoffRequested handoff:
                Add(handoff);
                break;
            case TransferStarted started:
                _attempts.Add(started);
                break;
            case TransferFailed failed:
                _attempts.Add(failed);
                if (failed.Evidence.IsRefusal() && _decisions.Find(d => d.Handoff?.HandoffId == failed.HandoffId) is { } refused)
                    refused.IsRefused = true;
                if (failed.Final && !failed.Evidence.IsRefusal())
                    (_failures ??= []).Add((failed, _attempts.TargetOf(failed.HandoffId, failed.Attempt), _callerAnswered));
                break;
        }
    }

    public void AddCompleted(Guid handoffId, int attempt, TransferOutcome outcome, long? postDialDelayMs) =>
        _attempts.End(handoffId, attempt, outcome, postDialDelayMs);

    public PastCall ToCall(CallRow row)
    {
        _commands?.PutIn(_decisions);
        return new()
        {
            Row = row,
            Started = Started!,
            Decisions = _decisions,
            Attempts = _attempts.ToList(),
            Problem = _problem is { } problem ? $"the recorded call is damaged: {problem}" : Unrecorded(row),
        };
    }

    private void Add(HandoffRequested handoff)
    {
        _attempts.Add(handoff);
        if (handoff.RequestedBy == Requester.Api)
            return;
        foreach (var decision in _decisions)
        {
            // What was done at the deadline, or for a caller whom the target left while nobody could decide, is the node's default, not the decision.
            if (decision.TimedOut?.EventId == handoff.CausationId || decision.Handoff?.EventId == handoff.CausationId)
                return;
            if (decision.Selected?.EventId == handoff.CausationId)
            {
                decision.Handoff ??= handoff;
                return;
            }
        }
        // What the policy of the trunk made of a REFER; logic may have another mind.
        if (ReferOf(handoff.CausationId) is { } refer)
        {
            _decisions.Add(new PastDecision { Refer = refer, Handoff = handoff });
            return;
        }
        // What was decided here has its decision in the stream. Without it the handoff alone would be compared, and a flow or state that moved not be seen.
        if (handoff.RequestedBy is Requester.Router or Requester.Default)
            _problem ??= "the handoff_requested has a cause that is not in the stream: the decision is missing";
        // A call that another system handled is known by what was done; the first of it is what a decision had asked for.
        else if (_decisions.Count == 0)
            _decisions.Add(new PastDecision { Handoff = handoff });
    }

    private PastDecision? Of(CallEvent e)
    {
        bool isFirst = e.CausationId == Started?.EventId;
        foreach (var known in _decisions)
        {
            if (isFirst ? known.CauseId is null : known.CauseId == e.CausationId)
                return known;
        }
        if (isFirst)
            return Enter(new PastDecision());
        if (ReferOf(e.CausationId) is { } refer)
            return Enter(new PastDecision { Refer = refer, CallerAnswered = true });
        if (_commands?.Find(e.CausationId) is { } command)
            return Enter(new PastDecision { Command = command, CallerAnswered = _callerAnswered });
        int index = _failures?.FindIndex(f => f.Failed.EventId == e.CausationId) ?? -1;
        if (index >= 0)
        {
            var (failed, target, answered) = _failures![index];
            return Enter(new PastDecision { Failed = failed, FailedTarget = target, CallerAnswered = answered });
        }
        _problem ??= $"the {CallEventNames.Of(e)} has a cause that asks for no decision";
        return null;
    }

    private ReferReceived? ReferOf(Guid id) => _refers?.Find(r => r.EventId == id);

    private PastDecision Enter(PastDecision decision)
    {
        _decisions.Add(decision);
        return decision;
    }

    private string? Unrecorded(CallRow row) => _decisions switch
    {
        _ when row.MaskedAt is { } masked => $"the caller's data were masked on {masked.UtcDateTime:yyyy-MM-dd}",
        [] when row.EndedAt is null => "the call is open and nothing has been decided yet",
        [] => "the call ended before a decision was recorded",
        [{ Failed: not null }, ..] or [{ Refer: not null }, ..] => "the call's first decision was not recorded",
        _ => null,
    };
}
