using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Comparing;
using EventCalls.Replay.Past;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Replay.Deciding;

/// <summary>Decides one past call again: first every decision in order, later each of them once more.</summary>
internal sealed class CallReplay(PastCall past, CompiledLogic candidate, DecideOptions options, ILookupSource? live)
{
    private readonly List<ReplayedDecision> _decisions = [];
    private readonly List<TakenDecision> _taken = [];
    private List<FieldChange>? _changes;
    private ReplayError? _error;
    private string? _unrecorded = past.Problem;
    private TimeSpan? _hangs;
    private TakenDecision? _suspect;
    private int _live;

    /// <summary>Whether a decision came out otherwise under the very same conditions: then no verdict on this logic can be trusted.</summary>
    public bool IsUnsteady { get; private set; }

    /// <summary>Takes the decisions for the first time.</summary>
    public void Decide()
    {
        if (_unrecorded is not null)
            return;
        try
        {
            DecideAll();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What stands in a stream that another program wrote can be of any shape; one such call must not end the replay of all others.
            Damaged(e);
        }
    }

    /// <summary>Takes each decision once more; one that comes out otherwise makes the call not replayable. The verdict, and all that led to it.</summary>
    /// <param name="again">The other copy.</param>
    /// <param name="looksCloser">Whether to take the decisions twice in a row, too.</param>
    public ReplayedCall Finish(CompiledLogic again, bool looksCloser)
    {
        if (_hangs is { } after)
            return GiveUp(after);
        try
        {
            Check(again, looksCloser);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Damaged(e);
        }
        return ToReplayedCall();
    }

    /// <summary>Takes a decision that came out otherwise once more, with the clock, seed and time zone it had first: it rested on one of these, or on what other calls left behind.</summary>
    public void LookCloser(CompiledLogic again)
    {
        if (_suspect is { } suspect)
            IsUnsteady |= !DependenceCheck.Repeats(again, suspect);
    }

    /// <summary>The same call with the verdict that its decision does not end.</summary>
    public CallReplay Hanging(TimeSpan after) => new(past, candidate, options, live) { _hangs = after };

    /// <summary>The verdict on a call whose decision does not end.</summary>
    public ReplayedCall GiveUp(TimeSpan after) => new()
    {
        Call = past.Row,
        Started = past.Started,
        Verdict = Verdict.Error,
        Decisions = [],
        Attempts = past.Attempts,
        Error = new ReplayError(
            RoutingFailureCause.LogicTimedOut, $"The decision did not end within {after.TotalSeconds:0} s, in a call that its time limit cannot end (a regular expression that backtracks, an endless sequence, records that refer to themselves?)."),
    };

    private void DecideAll()
    {
        FlowSelected? before = null;
        for (int i = 0; i < past.Decisions.Count; i++)
        {
            var was = past.Decisions[i];
            if (!Take(i, was, before, out var now))
                return;
            bool handoffDiffers = DecisionDiff.Add(i, was.ToDecided(), now!, was.IsImported, ref _changes);
            // With another handoff the call would have gone on otherwise; after a default that was taken at the deadline nothing more was asked.
            if (handoffDiffers || (was.IsImported && was.Refer is null) || was.TimedOut is not null)
                return;
            // A REFER that the policy decided left flow and state as they were.
            before = (was.Selected ?? before)! with { Flow = now!.Flow, State = now.State };
        }
    }

    private void Check(CompiledLogic again, bool looksCloser)
    {
        for (int i = 0; i < _taken.Count && !IsUnsteady; i++)
        {
            var difference = DependenceCheck.Find(again, _taken[i]);
            if (difference is not null)
                (_unrecorded, _error, _changes) = (Of(i, difference), null, null);
            if (looksCloser)
                IsUnsteady = !DependenceCheck.IsSteady(again, _taken[i]);
            if (difference is null)
                continue;
            _suspect = _taken[i];
            return;
        }
    }

    private ReplayedCall ToReplayedCall()
    {
        var verdict = _error is not null ? Verdict.Error
            : _changes is not null ? Verdict.Changed
            : _unrecorded is not null ? Verdict.NotReplayable
            : Verdict.Same;
        return new ReplayedCall
        {
            Call = past.Row,
            Started = past.Started,
            Verdict = verdict,
            Decisions = _decisions,
            Changes = verdict == Verdict.Changed ? _changes! : [],
            Attempts = past.Attempts,
            Error = _error,
            Unrecorded = verdict == Verdict.NotReplayable ? _unrecorded : null,
            LiveLookups = _live,
        };
    }

    private void Damaged(Exception e)
    {
        (_error, _changes) = (null, null);
        _unrecorded = $"the recorded call is damaged: {e.GetType().Name}: {e.Message}";
    }

    private bool Take(int index, PastDecision was, FlowSelected? before, out Decided? now)
    {
        now = null;
        if (WhyNot(was) is { } reason)
            return Unrecorded(index, reason);
        var request = was.Refer is { } refer
            ? DecisionRequest.For(past.Started, before, refer, was.FailedTarget)
            : was.Failed is null
            ? DecisionRequest.For(past.Started)
            : DecisionRequest.For(past.Started, before!, was.Failed, was.FailedTarget, was.CallerAnswered);
        if (was.Selected?.Inputs is { } inputs)
            request = request.WithRecorded(inputs);
        var result = Decide(index, request);
        if (Unread(was, result) is { } unread)
            return Unrecorded(index, unread);
        if (result.Failure is not { } failure)
        {
            now = Of(result, byDefault: false);
            _decisions.Add(new ReplayedDecision(index, was.ToDecided(), now));
            return Comparable(index, was);
        }
        if (was.RoutingFailed?.Cause == failure.Cause && was.Selected is not null)
            return TakeDefault(index, was, request, out now);
        return Fails(index, was, failure);
    }

    // It fails as it failed then, and the default is taken as it was then: its flow is of the logic, its handoff of the configuration.
    private bool TakeDefault(int index, PastDecision was, DecisionRequest request, out Decided? now)
    {
        const string Flow = "flow ";
        string taken = was.RoutingFailed!.DefaultTaken;
        now = was.ToDecided() with { LogicVersion = candidate.Version };
        if (taken.StartsWith(Flow, StringComparison.Ordinal))
        {
            var result = Decide(index, request with { EntryFlow = taken[Flow.Length..] });
            if (Unread(was, result) is { } unread)
                return Unrecorded(index, unread);
            if (result.Failure is { } failure)
                return Fails(index, was, failure);
            now = Of(result, byDefault: true);
        }
        _decisions.Add(new ReplayedDecision(index, was.ToDecided(), now));
        return true;
    }

    private DecisionResult Decide(int index, DecisionRequest request)
    {
        var lookups = CallLookups.Of(past.Decisions, index, live);
        var with = lookups is RecordedLookups ? options : options with { Lookups = lookups };
        var result = Decider.Decide(candidate, request, with);
        // A busy machine can make a decision miss its limit; one that misses it twice is slow by itself.
        if (DependenceCheck.IsOverLimit(result))
            result = Decider.Decide(candidate, request, with);
        _live += (lookups as CallLookups)?.Live ?? 0;
        _taken.Add(new TakenDecision(request, with, result));
        return result;
    }

    private bool Fails(int index, PastDecision was, DecisionFailure failure)
    {
        _decisions.Add(new ReplayedDecision(index, was.ToDecided(), null));
        _error = new ReplayError(failure.Cause, failure.Message) { ExceptionType = failure.ExceptionType, File = failure.File, Line = failure.Line };
        return false;
    }

    private bool Unrecorded(int index, string what)
    {
        _unrecorded = Of(index, what);
        return false;
    }

    // What the very same logic missed then for lack of time says nothing about the logic.
    private bool Comparable(int index, PastDecision was) =>
        was.RoutingFailed is not { Cause: RoutingFailureCause.LogicTimedOut or RoutingFailureCause.BusUnavailable } failed
            || failed.LogicVersion != candidate.Version
            || Unrecorded(index, "the same logic ran out of time when the call was recorded, so that what it would have decided was not recorded");

    private static string? WhyNot(PastDecision was) => was switch
    {
        { IsRecorded: false, TimedOut: { } timedOut } => $"no decision was recorded: none came within {timedOut.DeadlineMs} ms, and the default was taken",
        { Handoff: null } => "the decision's handoff was not recorded",
        _ => null,
    };

    private static string? Unread(PastDecision was, DecisionResult result)
    {
        if (result.UnansweredLookup is { } unanswered)
            return $"conv.Lookup(\"{unanswered.Name}\", \"{unanswered.Key}\"), which was not made when the call was recorded";
        if (was.Selected?.Inputs is not null)
            return null;
        return result.ReadClock ? "conv.Now, which was not recorded with this call"
            : result.ReadRandom ? "conv.Random, whose seed was not recorded with this call"
            : null;
    }

    private string Of(int index, string what) => index == 0 ? what
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
