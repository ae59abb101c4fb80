using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Ingress;
using EventCalls.Telephony.Transfers;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <summary>One call from its INVITE to its end: decides nothing, carries out what is decided, and records all of it.</summary>
/// <remarks>
/// It belongs to its shard's thread. At any time it waits for a decision, carries out a handoff, connects the caller to a target, or
/// does the last two at once (a target is replaced when the new one answers). Its own timer is the decision's deadline, and after a
/// REFER the time until we hang up.
/// </remarks>
internal sealed partial class Call : WheelTimer
{
    private readonly List<Guid> _handoffs = [];
    private readonly long _invitedAt;
    private long? _answeredAt;
    private HandoffRun? _run;
    private TransferAttempt? _lastAttempt;
    private FlowSelected? _selected;
    private CallEnding? _pendingEnd;
    private QuestionEntry? _question;
    private long _askedAt;
    private bool _mayAskAgain;
    private int _begun;
    private bool _awaitsDecision;
    private bool _answersFirst;
    private bool _isLeaving;
    private bool _isOver;

    /// <summary>A call of a received INVITE; nothing is recorded or sent yet.</summary>
    public Call(CallShard shard, IncomingLeg caller, Trunk trunk, SipMessage invite)
    {
        Shard = shard;
        Caller = caller;
        Trunk = trunk;
        // A trunk may challenge what we ask of its own calls too: the hold, the REFER, the BYE.
        caller.Credentials = trunk.Credentials;
        Id = CallIds.New(shard.Time.GetUtcNow(), shard.Number);
        Stream = new CallStream(Id, shard.Journal, shard.Time);
        MaxForwards = invite.MaxForwards < 0 ? 70 : invite.MaxForwards;
        Session = new CallerSession { OfferIsDelayed = invite.Body.IsEmpty };
        Session.Describe(Content.Of(invite));
        Identity = CallerIdentity.Of(invite);
        _invitedAt = shard.Agent.Now;
        Started = Stream.Stamp(Guid.Empty, new CallStarted
        {
            Node = shard.Options.Node,
            Trunk = trunk.Name,
            Transport = caller.Hop.Protocol == TransportProtocol.Udp ? "udp" : "tcp",
            RemoteEndPoint = caller.Hop.Remote.ToString(),
            SipCallId = caller.CallId,
            RequestUri = SipText.Get(invite.RequestUri),
            CallerNumber = Numbers.Caller(invite),
            CalleeNumber = Numbers.Callee(invite),
            Headers = ReceivedHeaders.Copy(invite, static (name, value) => new SipHeader(name, value)),
            OfferedMedia = ReceivedHeaders.SessionDescription(invite),
        });
    }

    /// <summary>The call's id.</summary>
    public Guid Id { get; }

    /// <summary>The shard it lives on.</summary>
    public CallShard Shard { get; }

    /// <summary>The trunk it came in on.</summary>
    public Trunk Trunk { get; }

    /// <summary>The caller's leg.</summary>
    public IncomingLeg Caller { get; }

    /// <summary>The caller's session.</summary>
    public CallerSession Session { get; }

    /// <summary>Who calls.</summary>
    public CallerIdentity Identity { get; }

    /// <summary>Where its events go.</summary>
    public CallStream Stream { get; }

    /// <summary>Its first event.</summary>
    public CallStarted Started { get; }

    /// <summary>The caller's Max-Forwards; what we dial gets one less.</summary>
    public int MaxForwards { get; }

    /// <summary>What the last failed attempt heard; null as long as none failed.</summary>
    public SipEvidence? LastFailure { get; private set; }

    /// <summary>The target the caller is connected to; null when there is none.</summary>
    public Bridge? Bridge { get; private set; }

    /// <summary>Whether the end is decided, so that no further attempt is made.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Whether the caller's INVITE has been answered with 200 and the leg lives.</summary>
    public bool IsCallerAnswered => Caller.State is LegState.Answered or LegState.Confirmed;

    /// <summary>Records the call and asks for a decision.</summary>
    public void Start()
    {
        Caller.Handler = this;
        _answersFirst = Shard.Options.Answer == AnswerMode.Immediately;
        var question = new StartedQuestion(this);
        Stream.Append(question);
        if (!_answersFirst && Shard.Options.PendingRing != PendingRing.None)
            Caller.Ring(Shard.Options.PendingRing == PendingRing.Ringing ? 180 : 183);
        AwaitDecision(question);
    }

    /// <summary>The bus has confirmed the call's first event: a caller who is answered before there is a decision is answered now.</summary>
    public void OnStartConfirmed()
    {
        if (!_answersFirst || _isOver)
            return;
        _answersFirst = false;
        if (!AnswerOnHold(Started.EventId, null))
            End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Rejected, Status = 488 });
    }

    /// <summary>Carries out a handoff, once however often it is delivered.</summary>
    public void Take(HandoffRequested handoff)
    {
        if (_handoffs.Contains(handoff.HandoffId))
            return;
        // Nobody decides a call whose first event is not confirmed; that word only comes another way.
        OnStartConfirmed();
        if (IsEnding)
        {
            Shard.Logger.LogInformation("The handoff {Handoff} came for the call {Call}, which is ending", handoff.HandoffId, Id);
            return;
        }
        _handoffs.Add(handoff.HandoffId);
        if (WhyRefused(handoff) is { } evidence)
            Refuse(handoff, evidence);
        else
            Begin(handoff);
    }

    /// <summary>The attempt failed: the next one, the target that is still connected, a new decision, or the end.</summary>
    public void OnAttemptFailed(TransferFailed failed, bool anotherAddress)
    {
        LastFailure = failed.Evidence;
        if (IsEnding)
        {
            Stream.Append(failed);
            if (_pendingEnd is { } ending)
                End(ending);
            return;
        }
        var run = _run!;
        if (!failed.Final)
        {
            Stream.Append(failed);
            run.Cause = failed.EventId;
            run.MoveNext(anotherAddress);
            StartAttempt(run);
            return;
        }
        _run = null;
        if (Bridge is not null)
        {
            Stream.Append(failed);
            return;
        }
        if (_selected is { } selected && run.Request.RequestedBy != Requester.Default && _begun < Shard.Options.MaxHandoffs)
        {
            var question = new RerouteEntry(Shard, new RerouteCall
            {
                Started = Started,
                Selected = selected,
                Failed = failed,
                Target = run.Current!.Target,
                CallerAnswered = IsCallerAnswered,
            });
            Stream.Append(question);
            AwaitDecision(question);
            return;
        }
        Stream.Append(failed);
        int status = CallerStatus.Of(failed.Outcome, failed.Evidence);
        End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Rejected, Status = status, Headers = TargetsWords.Of(this, status) });
    }

    /// <summary>The bus did not confirm in time that the attempt begins: without it nothing is dialled, and no other attempt can begin either.</summary>
    public void EndUnconfirmed(TransferAttempt attempt)
    {
        Shard.Logger.LogError("The bus did not confirm the beginning of a transfer of the call {Call} within {Timeout} ms", Id, Shard.Options.ConfirmTimeoutMs);
        bool ends = Bridge is null;
        IsEnding |= ends;
        attempt.Run.Stop();
        attempt.GiveUp(SipEvidence.Local(LocalEvidence.NotConfirmed));
        if (ends)
            End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Error, Status = 503 });
    }

    /// <summary>The target answered and the caller is connected to it; a target before it is let go.</summary>
    public void OnBridged(OutgoingLeg target, bool ackIsDeferred)
    {
        var before = Bridge;
        _run = null;
        Bridge = new Bridge(this, target, ackIsDeferred);
        target.Handler = Bridge;
        before?.EndTarget(null);
    }

    /// <summary>The target hung up or is silent.</summary>
    public void OnTargetGone(CallEndCause cause, string? reason)
    {
        Bridge = null;
        // Another target is about to take over, or the caller's side has taken the call over.
        if (_run is not null || _isLeaving)
            return;
        var by = cause == CallEndCause.PeerSilent ? CallParty.System : CallParty.Target;
        End(new CallEnding { By = by, Cause = cause, Reason = reason, Status = 480 });
    }

    /// <summary>The caller's side reported that it has taken the call over: it hangs up, or we do (RFC 5589 §6.1).</summary>
    public void OnReferred()
    {
        _run = null;
        if (_pendingEnd is { } ending)
        {
            End(ending with { Cause = CallEndCause.Transferred });
            return;
        }
        _isLeaving = true;
        Shard.Agent.Wheel.Schedule(this, Shard.Options.ReferHangUpMs);
    }

    /// <summary>Who was asked for a decision cannot answer: asks once more, and that goes another way now.</summary>
    public void OnRoutersLost()
    {
        if (_awaitsDecision && !_isOver)
            _question?.AskAgain();
    }

    /// <summary>Something threw, on a leg, in a timer or in posted work: the call ends, the others go on.</summary>
    public void OnFault(Exception e)
    {
        Shard.Logger.LogError(e, "The call {Call} could not go on", Id);
        End(CallEnding.OfError);
    }

    /// <summary>Something threw on a leg that the call has let go of: the call is not touched.</summary>
    public void LogFault(Exception e) => Shard.Logger.LogError(e, "A leg that the call {Call} had let go of could not be ended in order", Id);

    /// <inheritdoc />
    protected override bool TakeFault(Exception e)
    {
        OnFault(e);
        return true;
    }

    /// <inheritdoc />
    protected override void Fire()
    {
        if (_isOver)
            return;
        if (_isLeaving)
            End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Transferred });
        else if (_awaitsDecision && _mayAskAgain)
            AskAgain();
        else if (_awaitsDecision)
            TakeDefault();
    }

    private void AwaitDecision(QuestionEntry question)
    {
        _question = question;
        _awaitsDecision = true;
        _askedAt = Shard.Agent.Now;
        _mayAskAgain = Shard.Options.AskAgainMs is not null;
        Shard.Agent.Wheel.Schedule(this, Shard.Options.AskAgainMs ?? Shard.Options.DeadlineMs);
    }

    private void AskAgain()
    {
        _mayAskAgain = false;
        _question!.AskAgain();
        Shard.Agent.Wheel.Schedule(this, Math.Max(1, _askedAt + Shard.Options.DeadlineMs - Shard.Agent.Now));
    }

    private SipEvidence? WhyRefused(HandoffRequested handoff)
    {
        bool isDecision = handoff.RequestedBy != Requester.Api;
        if (handoff.Steps.Count == 0)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, "the handoff has no steps");
        if (isDecision && !_awaitsDecision)
            return SipEvidence.Local(LocalEvidence.DecidedTooLate);
        if (_run is not null || _isLeaving)
            return SipEvidence.Local(LocalEvidence.HandoffInProgress);
        if (_begun >= Shard.Options.MaxHandoffs)
            return SipEvidence.Local(LocalEvidence.TooManyHandoffs);
        return null;
    }

    private void Refuse(HandoffRequested handoff, SipEvidence evidence)
    {
        var method = handoff.Steps.Count > 0 ? handoff.Steps[0].Method : HandoffMethod.Reject;
        Stream.Append(handoff.EventId, new TransferFailed
        {
            HandoffId = handoff.HandoffId,
            Attempt = 1,
            Method = method,
            Outcome = TransferOutcomes.Derive(method, evidence),
            Evidence = evidence,
            Final = true,
        });
    }

    private void Begin(HandoffRequested handoff)
    {
        if (_awaitsDecision)
        {
            _awaitsDecision = false;
            Shard.Agent.Wheel.Cancel(this);
        }
        _selected = handoff.Selected ?? _selected;
        _begun++;
        _run = new HandoffRun(handoff);
        StartAttempt(_run);
    }

    private void StartAttempt(HandoffRun run)
    {
        _lastAttempt = run.Current = TransferAttempt.Of(this, run);
        run.Current.Begin();
    }

    /// <summary>Nobody decided in time: what is configured for that is done.</summary>
    private void TakeDefault()
    {
        _awaitsDecision = false;
        _answersFirst = false;
        var steps = DefaultSteps.Of(Shard.Options);
        var timedOut = Stream.Stamp(_question!.Events[0].EventId, new RoutingTimedOut
        {
            DeadlineMs = Shard.Options.DeadlineMs,
            DefaultTaken = HandoffWords.Of(steps),
        });
        var handoff = Stream.Stamp(timedOut.EventId, new HandoffRequested
        {
            Node = Shard.Options.Node,
            HandoffId = Stream.NewId(),
            Steps = steps,
            RequestedBy = Requester.Default,
        });
        // The bus brings the handoff back here as it does a router's; it is known then.
        _handoffs.Add(handoff.HandoffId);
        Stream.Append(new JournalEntry(timedOut, handoff));
        Begin(handoff);
    }
}
