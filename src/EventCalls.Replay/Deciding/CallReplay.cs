using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Comparing;
using EventCalls.Replay.Past;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Lookups;

namespace EventCalls.Replay.Deciding;

/// <summary>Decides one past call again: gives the decisions to be taken one after the other, since each can rest on the one before, and then the verdict.</summary>
/// <param name="past">The call.</param>
/// <param name="version">The candidate's hash.</param>
/// <param name="inputs">What is given in place of what was recorded; null for what was recorded.</param>
/// <param name="handoffs">The destinations that names stand for; null for those that were recorded.</param>
internal sealed class CallReplay(PastCall past, string version, HandoffDestinations? handoffs = null, OtherInputs? inputs = null)
{
    private readonly List<ReplayedDecision> _decisions = [];
    private readonly List<TakenDecision> _taken = [];
    private SameVersion _oracle = new(version);
    private IEnumerator<TakenDecision>? _left;
    private List<FieldChange>? _changes;
    private ReplayError? _error;
    private string? _unrecorded = past.Problem;

    /// <summary>Whether a version of that name always decides alike; a web service at the same address need not.</summary>
    public bool IsNamedByContent { init => _oracle = value ? _oracle : new SameVersion(""); }

    /// <summary>The decisions taken so far.</summary>
    public IReadOnlyList<TakenDecision> Taken => _taken;

    /// <summary>Whether all decisions, taken once, came out as recorded.</summary>
    public bool IsAsRecorded => _changes is null && _error is null && _unrecorded is null && _oracle.Nondeterminism is null;

    /// <summary>The next decision to be taken, when the one before has its result; null when there is none.</summary>
    public TakenDecision? Next()
    {
        if (past.Problem is not null)
            return null;
        try
        {
            if (inputs is not null)
                _oracle.IsConfiguredOtherwise();
            _left ??= All();
            return _left.MoveNext() ? _left.Current : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What stands in a stream that another program wrote can be of any shape; one such call must not end the replay of all others.
            (_error, _changes) = (null, null);
            _unrecorded = $"the recorded call is damaged: {e.GetType().Name}: {e.Message}";
            return null;
        }
    }

    /// <summary>The verdict, when all decisions have been taken twice. One that came out otherwise makes the call not replayable.</summary>
    public ReplayedCall Finish()
    {
        foreach (var taken in _taken)
        {
            if (taken.Difference is not { } difference)
                continue;
            (_unrecorded, _error, _changes) = (Of(taken.Index, difference), null, null);
            _oracle.Differs(taken.Was, _unrecorded);
            break;
        }
        int live = 0;
        for (int i = 0; i < _taken.Count; i++)
            live += _taken[i].Live;
        string? nondeterministic = live > 0 ? null : _oracle.Nondeterminism;
        var verdict = nondeterministic is not null ? Verdict.Nondeterministic
            : _error is not null ? Verdict.Error
            : _changes is not null ? Verdict.Changed
            : _unrecorded is not null ? Verdict.NotReplayable
            : Verdict.Same;
        return New(verdict) with
        {
            Changes = verdict == Verdict.Changed ? _changes! : [],
            Error = verdict == Verdict.Error ? _error : null,
            Unrecorded = verdict == Verdict.NotReplayable ? _unrecorded : nondeterministic,
            LiveLookups = live,
        };
    }

    /// <summary>The verdict on a call whose decision does not end.</summary>
    public ReplayedCall GiveUp(TimeSpan after)
    {
        const RoutingFailureCause Cause = RoutingFailureCause.LogicTimedOut;
        var was = past.Decisions.Count > 0 ? past.Decisions[Math.Min(_decisions.Count, past.Decisions.Count - 1)] : null;
        if (was is not null && _oracle.IsSameEnd(was, Cause))
            return New(Verdict.Same);
        var error = new ReplayError(
            Cause, $"The decision did not end within {after.TotalSeconds:0} s, in a call that its time limit cannot end (a regular expression that backtracks, an endless sequence, records that refer to themselves?).");
        if (was is not null)
            _oracle.Failed(was, error);
        return _oracle.Nondeterminism is { } what ? New(Verdict.Nondeterministic) with { Unrecorded = what } : New(Verdict.Error) with { Error = error };
    }

    private ReplayedCall New(Verdict verdict) => new()
    {
        Call = past.Row,
        Started = past.Started,
        Verdict = verdict,
        Decisions = _decisions,
        Attempts = past.Attempts,
        IsOfCandidate = past.Decisions.Count > 0 && _oracle.Decided(past.Decisions[0]),
    };

    private IEnumerator<TakenDecision> All()
    {
        FlowSelected? last = null;
        Dictionary<Guid, FlowSelected>? all = null;
        for (int i = 0; i < past.Decisions.Count; i++)
        {
            var was = past.Decisions[i];
            if (WhyNot(was) is { } reason)
            {
                _unrecorded = Of(i, reason);
                yield break;
            }
            var before = was.Command is { } command ? (command.After is { } after ? all?.GetValueOrDefault(after) : null) : last;
            var request = RequestFor(was, before);
            var recorded = CallLookups.Recorded(past.Decisions, i);
            if (handoffs is not null)
                recorded = handoffs.InPlaceOf(recorded);
            recorded = inputs?.LookupsFor(recorded) ?? recorded;
            var taken = new TakenDecision(i, version, was, request, recorded);
            yield return taken;
            if (_oracle.TakesAgain(was, taken.Result!))
            {
                // A busy machine can make a decision miss its limit; one that misses it twice is slow by itself.
                taken = new TakenDecision(i, version, was, request, recorded) { IsPatient = _oracle.Decided(was) };
                yield return taken;
            }
            if (!Add(taken))
                yield break;
            Decided? now;
            if (taken.Result!.Failure is { } failure)
            {
                if (!_oracle.IsSameFailure(was, failure))
                {
                    Fails(i, was, failure);
                    yield break;
                }
                now = was.ToDecided() with { LogicVersion = version };
                // It fails as it failed then, and the default is taken as it was then: its flow is of the logic, its handoff of the configuration.
                if (DefaultFlow(was) is { } flow)
                {
                    taken = new TakenDecision(i, version, was, request with { EntryFlow = flow }, recorded);
                    yield return taken;
                    if (!Add(taken))
                        yield break;
                    if (taken.Result!.Failure is { } second)
                    {
                        Fails(i, was, second);
                        yield break;
                    }
                    now = Of(taken.Result, byDefault: true);
                }
                _decisions.Add(new ReplayedDecision(i, was.ToDecided(), now));
            }
            else
            {
                now = Of(taken.Result, byDefault: false);
                _decisions.Add(new ReplayedDecision(i, was.ToDecided(), now));
                if (_oracle.Incomparable(was) is { } why)
                {
                    _unrecorded = Of(i, why);
                    yield break;
                }
            }
            int changes = _changes?.Count ?? 0;
            bool handoffDiffers = DecisionDiff.Add(i, was.ToDecided(), now, was.IsImported, ref _changes);
            if (_changes is not null && _changes.Count > changes)
                _oracle.Changed(was, now, _changes);
            // With another handoff the call would have gone on otherwise; after a default that was taken at the deadline nothing more was asked.
            if (handoffDiffers || (was.IsImported && was.Refer is null) || was.TimedOut is not null)
                yield break;
            // A REFER that the policy decided left flow and state as they were.
            var next = (was.Selected ?? last)! with { Flow = now.Flow, State = now.State };
            // What was overtaken led to nothing.
            if (was.IsRefused)
                continue;
            last = next;
            (all ??= [])[next.EventId] = next;
        }
    }

    private DecisionRequest RequestFor(PastDecision was, FlowSelected? before)
    {
        var request = was.Refer is { } refer ? DecisionRequest.For(past.Started, before, refer, was.FailedTarget)
            : was.Command is { } command ? DecisionRequest.For(past.Started, before, command)
            : was.Failed is null ? DecisionRequest.For(past.Started)
            : DecisionRequest.For(past.Started, before!, was.Failed, was.FailedTarget, was.CallerAnswered);
        foreach (var changed in was.Changes)
            request = request with { State = StateChanged.After(request.State, changed.Changes) };
        request = was.Selected?.Inputs is { } recorded ? request.WithRecorded(recorded) : request;
        return inputs is null ? request : request with { Now = inputs.NowFor(request.Now) };
    }

    private bool Add(TakenDecision taken)
    {
        _taken.Add(taken);
        if (handoffs is not null && HandoffDestinations.AreOtherwise(taken.Result!.Inputs.Lookups, CallLookups.Recorded(past.Decisions, taken.Index)))
            _oracle.IsConfiguredOtherwise();
        if (Unread(taken.Was, taken.Result!) is not { } unread)
            return true;
        _unrecorded = Of(taken.Index, unread);
        return false;
    }

    private void Fails(int index, PastDecision was, DecisionFailure failure)
    {
        _decisions.Add(new ReplayedDecision(index, was.ToDecided(), null));
        _error = new ReplayError(failure.Cause, failure.Message) { ExceptionType = failure.ExceptionType, File = failure.File, Line = failure.Line };
        _oracle.Failed(was, _error);
    }

    private static string? DefaultFlow(PastDecision was)
    {
        const string Flow = "flow ";
        string taken = was.RoutingFailed!.DefaultTaken;
        return taken.StartsWith(Flow, StringComparison.Ordinal) ? taken[Flow.Length..] : null;
    }

    private static string? WhyNot(PastDecision was) => was switch
    {
        { IsRecorded: false, TimedOut: { } timedOut } => $"no decision was recorded: none came within {timedOut.DeadlineMs} ms, and the default was taken",
        { Handoff: null } => "the decision's handoff was not recorded",
        _ => null,
    };

    private static string? Unread(PastDecision was, DecisionResult result)
    {
        if (result.UnansweredLookup is { } unanswered)
        {
            // Of older records only the failure's message tells.
            string kind = was.RoutingFailed?.Message.Contains($"There is no look-up table '{unanswered.Name}'", StringComparison.Ordinal) == true
                ? "for which no table was configured" : "which was not made";
            return $"{LookupWords.Call(unanswered.Name, unanswered.Key)}, {kind} when the call was recorded";
        }

        if (was.Selected?.Inputs is not null)
            return null;
        return result.ReadClock ? "conv.Now, which was not recorded with this call"
            : result.ReadRandom ? "conv.Random, whose seed was not recorded with this call"
            : null;
    }

    private string Of(int index, string what) => index == 0 ? what
        : past.Decisions[index].Command is { } command ? $"{what} (decision {index + 1}, for a command of {command.By})"
        : past.Decisions[index].Refer is not null ? $"{what} (decision {index + 1}, on a REFER)"
        : $"{what} (decision after failed handoff {index})";

    private static Decided Of(DecisionResult result, bool byDefault) => new()
    {
        Flow = result.Flow,
        State = result.State,
        Steps = result.Steps,
        Reason = result.Reason,
        DecidedBy = result.DecidedBy,
        LogicVersion = result.LogicVersion,
        ByDefault = byDefault,
    };
}
