using EventCalls.Contracts;
using EventCalls.Telephony.Configuration;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <content>What leads from one phase to the next.</content>
internal sealed partial class Call
{
    private CallPhase _phase;

    /// <summary>The wait for a decision, or the last one.</summary>
    private DecisionWait? _decision;

    private LeaveWait? _leave;

    /// <summary>The handoff under way, or the last one.</summary>
    private HandoffRun? _run;

    /// <summary>The decision that the last handoff came of.</summary>
    private FlowSelected? _selected;

    private int _begun;

    private bool IsAwaitingDecision => _phase is CallPhase.Beginning or CallPhase.Deciding;

    /// <summary>Records the call and asks for a decision.</summary>
    public void Start()
    {
        Caller.Handler = this;
        bool answersFirst = Shard.Options.Answer == AnswerMode.Immediately;
        var question = new StartedQuestion(this);
        Stream.Append(question);
        if (!answersFirst && Shard.Options.PendingRing != PendingRing.None)
            Caller.Ring(Shard.Options.PendingRing == PendingRing.Ringing ? 180 : 183);
        AwaitDecision(question, answersFirst ? CallPhase.Beginning : CallPhase.Deciding);
    }

    /// <summary>The bus has confirmed the call's first event: a caller who is answered before there is a decision is answered now.</summary>
    public void OnStartConfirmed()
    {
        if (_phase != CallPhase.Beginning)
            return;
        Enter(CallPhase.Deciding);
        if (Shard.Engines is { } engines && IsForEngineAlone(null))
            AnswerFirstAtEngine(engines);
        else if (!AnswerOnHold(Started.EventId, null))
            End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Rejected, Status = 488, Headers = [TargetsWords.NoCommonFormat(this)] });
    }

    /// <summary>Carries out a handoff, once however often it is delivered.</summary>
    public void Take(HandoffRequested handoff)
    {
        if (_handoffs.Contains(handoff.HandoffId))
            return;
        // Nobody decides a call whose first event is not confirmed; that word only comes another way.
        OnStartConfirmed();
        if (_heldBack is { } heldBack && !IsEnding)
        {
            heldBack.Add(handoff);
            return;
        }
        if (IsEnding)
        {
            Shard.Logger.LogInformation("The handoff {Handoff} came for the call {Call}, which is ending", handoff.HandoffId, Id);
            return;
        }
        _handoffs.Add(handoff.HandoffId);
        if (_refer is { } refer && refer.IsDecidedBy(handoff))
            refer.HandoffId = handoff.HandoffId;
        if (handoff is { Steps.Count: 0, RequestedBy: Requester.Default })
            TakeNothing(handoff);
        else if (WhyRefused(handoff) is { } evidence)
            Refuse(handoff, evidence);
        else
            Begin(handoff);
    }

    /// <summary>Who was asked for a decision cannot answer: asks once more, and that goes another way now.</summary>
    public void OnRoutersLost()
    {
        if (IsAwaitingDecision || IsAskedToRefer || _flow is not null)
            _decision?.Question.AskAgain();
    }

    /// <summary>Nobody decided in time: what is configured for that is done.</summary>
    public void OnDeadline(QuestionEntry question)
    {
        if (_heldBack is not null)
        {
            GiveUpHold("the engine has not answered");
            if (!IsAwaitingDecision)
                return;
        }
        var refer = question.Events[0] as ReferReceived;
        bool goesOn = _flow is not null && Bridge is not null;
        var timedOut = Stream.Stamp(question.Events[0].EventId, new RoutingTimedOut
        {
            DeadlineMs = Shard.Options.DeadlineMs,
            DefaultTaken = goesOn ? HandoffWords.NoneTaken : HandoffWords.Of(refer is null ? DefaultSteps.Of(Shard.Options) : [ReferSteps.Of(refer)]),
        });
        _flow = null;
        if (goesOn)
        {
            Stream.Append(timedOut);
            return;
        }
        if (refer is not null)
        {
            if (IsAskedToRefer)
                CarryOut(refer, timedOut, Requester.Default);
            return;
        }
        var handoff = Default(timedOut);
        Stream.Append(new JournalEntry(timedOut, handoff));
        Begin(handoff);
    }

    /// <summary>Nobody could decide, and whoever talks goes on talking; a caller whom the target has left meanwhile gets the default.</summary>
    private void TakeNothing(HandoffRequested nothing)
    {
        // Said too late, or of a question that another has overtaken, it changes nothing, and there is nothing to refuse.
        if (_flow is not { } asked || nothing.Selected?.CausationId != asked.EventId)
            return;
        _decision?.Stop();
        _flow = null;
        OnDecided(nothing);
        if (Bridge is not null)
            return;
        var handoff = Default(nothing);
        Stream.Append(handoff);
        Begin(handoff);
    }

    /// <summary>The handoff that is configured for calls that nobody decides.</summary>
    private HandoffRequested Default(CallEvent because)
    {
        var handoff = Stream.Stamp(because.EventId, new HandoffRequested
        {
            Node = Shard.Options.Node,
            HandoffId = EventIds.Handoff(Stream.CallId, because.EventId),
            Steps = DefaultSteps.Of(Shard.Options),
            RequestedBy = Requester.Default,
        });
        // The bus brings it back here as it does a router's; it is known then.
        _handoffs.Add(handoff.HandoffId);
        return handoff;
    }

    /// <summary>The attempt failed: the next one, the target that is still connected, a new decision, or the end.</summary>
    public void OnAttemptFailed(HandoffRun run, TransferFailed failed, bool anotherAddress)
    {
        LastFailure = failed.Evidence;
        if (failed.Final)
            TellFailure(failed.HandoffId, failed);
        if (IsEnding)
        {
            Stream.Append(failed);
            if (_pendingEnd is { } ending)
                End(ending);
        }
        else if (!failed.Final)
        {
            Stream.Append(failed);
            run.GoOn(failed, anotherAddress);
        }
        else if (Bridge is not null)
        {
            Enter(CallPhase.Connected);
            TurnBack();
            Stream.Append(failed);
        }
        else if (_selected is { } selected && run.Request.RequestedBy != Requester.Default && _begun < Shard.Options.MaxHandoffs)
        {
            var question = new RerouteEntry(Shard, new RerouteCall
            {
                Started = Started,
                Selected = selected,
                State = _state?.Now,
                Failed = failed,
                Target = run.Current!.Target,
                CallerAnswered = IsCallerAnswered,
            });
            Stream.Append(question);
            _state?.OnAsked();
            AwaitDecision(question, CallPhase.Deciding);
        }
        else
        {
            Stream.Append(failed);
            int status = CallerStatus.Of(failed.Outcome, failed.Evidence);
            End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Rejected, Status = status, Headers = TargetsWords.Of(this, status) });
        }
    }

    /// <summary>The bus did not confirm in time that the attempt begins: without it nothing is dialled, and no other attempt can begin either.</summary>
    public void EndUnconfirmed(TransferAttempt attempt)
    {
        Shard.Logger.LogError("The bus did not confirm the beginning of a transfer of the call {Call} within {Timeout} ms", Id, Shard.Options.ConfirmTimeoutMs);
        bool ends = Bridge is null;
        if (ends)
            Enter(CallPhase.Ending);
        attempt.Run.Stop();
        attempt.GiveUp(SipEvidence.Local(LocalEvidence.NotConfirmed));
        if (ends)
            End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Error, Status = 503 });
    }

    /// <summary>The target answered and the kept side is connected to it; a target before it is let go.</summary>
    public void OnBridged(CallSide target, Handoff step, bool ackIsDeferred)
    {
        var before = Bridge;
        Enter(CallPhase.Connected);
        Bridge = new Bridge(this, target, ackIsDeferred);
        target.GiveTo(Bridge);
        ConnectMedia(target.Session);
        Mix();
        Record(target.Trunk, step);
        if (before is null)
            return;
        LetGo(before.Peer.Session);
        if (_refer is not { } refer || refer.By != before.Peer || refer.HandoffId != _run?.Request.HandoffId)
        {
            before.EndPeer(null);
            return;
        }
        var farewell = new Farewell(this, before.Peer);
        Leavers.Add(farewell);
        farewell.Begin(Shard.Options.ReferHangUpMs);
    }

    /// <summary>Whom the kept side is connected to hung up or is silent.</summary>
    public void OnPeerGone(CallEndCause cause, string? reason)
    {
        var by = cause is CallEndCause.PeerSilent or CallEndCause.SessionExpired ? CallParty.System : Bridge?.Peer.Name == CallerName ? CallParty.Caller : CallParty.Target;
        if (Bridge is { } left)
            LetGoOfPeer(left.Peer.Session);
        Bridge = null;
        Mix();
        PlayHold();
        // Else another target is about to take over, the routers are asked where to, or the kept side has taken the call over.
        if (_phase != CallPhase.Connected || IsAskedToRefer || _flow is not null)
        {
            HoldKept();
            return;
        }
        End(new CallEnding { By = by, Cause = cause, Reason = reason, Status = 480 });
    }

    /// <summary>The caller's side reported that it has taken the call over: it hangs up, or we do (RFC 5589 §6.1).</summary>
    public void OnReferred()
    {
        if (_pendingEnd is { } ending)
        {
            End(ending with { Cause = CallEndCause.Transferred });
            return;
        }
        Enter(CallPhase.Leaving);
        (_leave = new LeaveWait(this)).Start(Shard.Options.ReferHangUpMs);
    }

    private void AwaitDecision(QuestionEntry question, CallPhase phase)
    {
        Enter(phase);
        (_decision = new DecisionWait(this, question)).Start();
    }

    private void Begin(HandoffRequested handoff, Arrival? arrival = null)
    {
        _decision?.Stop();
        // Another handoff is quicker than the decision on a REFER.
        if (IsAskedToRefer)
            _refer!.Finish(487);
        Enter(CallPhase.HandingOff);
        _flow = null;
        OnDecided(handoff);
        _begun++;
        (_run = new HandoffRun(this, handoff) { Arrival = arrival }).Begin();
    }

    private void OnDecided(HandoffRequested handoff)
    {
        if (handoff.Selected is not { } selected)
            return;
        _selected = selected;
        _state?.OnDecided(selected);
    }

    private void Enter(CallPhase next)
    {
        if (!IsEnding || next > _phase)
            _phase = next;
    }
}
