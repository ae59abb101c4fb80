using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Replaces;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Calls;

namespace EventCalls.Telephony.Transfers;

/// <summary>Joins two calls of ours, as an attended transfer asks: the side that is kept is connected with the other side of the dialog that a Replaces names (RFC 3891, RFC 5589 §7).</summary>
/// <remarks>
/// That one is offered the kept side's session first, and the kept side its answer then. What had been up stays up when either does not take it; when both do, the
/// other call ends as transferred.
/// </remarks>
internal sealed class JoinTransfer(Call call, HandoffRun run, Leg replaced) : TransferAttempt(call, run), IRequestHandler
{
    private Call _otherCall = null!;
    private CallSide _other = null!;
    private CallSide _left = null!;
    private Content? _offer;
    private Content? _description;
    private SipEvidence? _answer;
    private bool _isMoved;
    private bool _isJoined;

    /// <summary>The leg of ours that the step's Replaces names; null when it names none.</summary>
    public static Leg? ReplacedBy(Call call, Handoff step) =>
        step.Replaces is { } text && ReplacesHeader.Parse(text) is { } replaces ? call.Shard.Agent.Find(replaces) : null;

    /// <inheritdoc />
    protected override SipEvidence? Prepare(ref SentWords sent)
    {
        sent.Target = Step.PhoneNumber ?? "";
        if (ReplacesHeader.Parse(Step.Replaces!) is { IsEarlyOnly: true })
            return SipEvidence.Local(LocalEvidence.NoSuchDialog, "it is answered already", 486);
        if (CallShard.CallOf(replaced) is not { } other || other == Call || other.SidesBy(replaced) is not var (left, joined))
            return SipEvidence.Local(LocalEvidence.NoSuchDialog, "nobody is connected there", 481);
        (_otherCall, _left, _other) = (other, left, joined);
        sent.Target = _other.Uri;
        sent.Trunk = _other.Trunk?.Name;
        return null;
    }

    /// <inheritdoc />
    protected override void Go()
    {
        SentAt = Shard.Agent.Now;
        if (_otherCall.SidesBy(replaced) is not var (_, joined) || joined != _other || _other.Leg.HasOpenChange)
        {
            Fail(SipEvidence.Local(LocalEvidence.NoSuchDialog, "nobody is connected there any more", 481));
            return;
        }
        if (Call.OfferForTarget() is not { } offer)
        {
            Fail(SipEvidence.Local(LocalEvidence.CallerRefusedMedia, "it has no session to offer"));
            return;
        }
        bool isMoved = _other.Session.Media is null;
        if (Call.Anchor(_other.Session, _other.Leg.Hop, _other.Trunk, Step, _otherCall) is { } notAnchored)
        {
            Fail(notAnchored);
            return;
        }
        _isMoved = isMoved && _other.Session.Media is not null;
        _offer = offer;
        _other.Session.Offer(_other.Leg, offer, Call.Session, this, GoesOn, NotWritten);
    }

    /// <inheritdoc />
    protected override void Withdraw(string? reason)
    {
        if (_isMoved || _other.Session.PairWith(Call.Session) is not null)
            Call.LetGo(_other.Session);
        // Who took the offer hears the old one's session again.
        if (_answer is not null && _otherCall.SidesBy(replaced) is not null && _left.Session.Described is { } before)
            _other.Session.Offer(_other.Leg, before, _left.Session, null);
    }

    void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
    {
        if (response.StatusCode < 200)
            return;
        if (!IsOver && request.Leg == _other.Leg)
            OnOtherResponded(response);
        else if (!IsOver)
            OnKeptResponded(response);
        // Who was to be joined has gone meanwhile, or cannot be.
        if (IsOver && !_isJoined && request.Leg != _other.Leg && response.StatusCode < 300)
            Call.OfferAgain(request.Leg);
    }

    void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why)
    {
        // The side that is kept says itself that it has ended.
        if (!IsOver && (why != NoResponse.Ended || request.Leg == _other.Leg))
            Fail(SipEvidence.Local(request.Leg == _other.Leg ? LocalEvidence.TargetGone : LocalEvidence.CallerRefusedMedia, why.ToString()));
    }

    private void OnOtherResponded(SipMessage response)
    {
        if (response.StatusCode >= 300)
        {
            Fail(Evidence.OfResponse(response));
            return;
        }
        _answer = Evidence.OfResponse(response);
        _description = Content.Of(response);
        if (SessionText.WhyNotAnswer(_other.Session.LastTold!, _description) is { } whyNot)
        {
            Fail(SipEvidence.Local(LocalEvidence.AnswerNotUsable, whyNot));
            return;
        }
        _other.Session.Describe(_description);
        if (Call.Kept.Leg.HasOpenChange)
            Fail(SipEvidence.Local(LocalEvidence.CallerRefusedMedia, "another change of its session is under way"));
        else
            Call.Session.Offer(Call.Kept.Leg, _description!, _other.Session, this, GoesOn, NotWritten);
    }

    private void OnKeptResponded(SipMessage response)
    {
        var answer = response.StatusCode < 300 ? Content.Of(response) : null;
        if (response.StatusCode >= 300 || SessionText.WhyNotAnswer(Call.Session.LastTold!, answer) is not null)
        {
            Fail(SipEvidence.Local(LocalEvidence.CallerRefusedMedia, SipText.Get(response.StartLine)));
            return;
        }
        if (_otherCall.SidesBy(replaced) is null)
        {
            _answer = null;
            Fail(SipEvidence.Local(LocalEvidence.TargetGone));
            return;
        }
        Call.Session.Describe(answer);
        if (answer is null || _other.Session.PairWith(Call.Session) is null)
        {
            Connect(answer is not null && !SessionText.SameDestination(answer, _offer!) ? answer : null);
            return;
        }
        // The engine hears of it too; the other one, only where it is anything new.
        var before = _other.Session.LastTold!;
        _other.Session.Tell(answer, Call.Session, isOffer: false, (told, whyNot) =>
        {
            if (IsOver)
                return;
            if (told is null)
                NotWritten(whyNot!);
            else
                Connect(SessionText.SamePlace(before, told) ? null : answer);
        });
    }

    private void Connect(Content? adjusted)
    {
        if (_otherCall.SidesBy(replaced) is null)
        {
            _answer = null;
            Fail(SipEvidence.Local(LocalEvidence.TargetGone));
            return;
        }
        _isJoined = true;
        Complete(_answer!, _other.Uri);
        _otherCall.GiveAway(_other, Call);
        _other.Leg.Group = Call.Id;
        Call.OnBridged(new CallSide(_other.Leg, _other.Session, "target", _other.Trunk, _other.Uri), Step, false);
        if (adjusted is not null)
            _other.Session.Offer(_other.Leg, adjusted, Call.Session, null);
    }

    private bool GoesOn() => !IsOver;

    private void NotWritten(string whyNot) => Fail(SipEvidence.Local(LocalEvidence.MediaEngine, whyNot));
}
