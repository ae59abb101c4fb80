using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Calls;

namespace EventCalls.Telephony.Transfers;

/// <content>What the caller is told of the session of a target that has answered.</content>
internal sealed partial class InviteTransfer : IRequestHandler
{
    private const int ChangePauseMs = 200;

    /// <summary>Offers the target's session to a caller who is answered already.</summary>
    private void OfferToCaller()
    {
        if (!Call.Kept.IsConfirmed)
        {
            _waitsForAck = true;
            return;
        }
        if (Call.Kept.Leg.HasOpenChange)
        {
            // One change of the session at a time (RFC 3261 §14.1); the other one ends soon, by an answer or a timeout.
            (_pause ??= new OfferPause(this)).Start(ChangePauseMs);
            return;
        }
        Call.Session.Offer(Call.Kept.Leg, _description!, _session, this, () => !IsOver, NotWritten);
    }

    /// <inheritdoc />
    public override void OnKeptOnHold()
    {
        if (IsOver || _pause is not { IsScheduled: true } pause)
            return;
        pause.Stop();
        OfferToCaller();
    }

    private void NotWritten(string? whyNot)
    {
        if (!IsOver)
            Fail(SipEvidence.Local(LocalEvidence.MediaEngine, whyNot), Run.Redirects.HasMore);
    }

    private void AnswerAndConnect(Content? told)
    {
        Call.AnswerCaller(told, StartedId, Run.Request.HandoffId);
        Connect(null);
    }

    void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
    {
        if (response.StatusCode < 200)
            return;
        if (IsOver)
        {
            // The target has gone meanwhile.
            if (response.StatusCode < 300)
                Call.OfferAgain(request.Leg);
            return;
        }
        if (response.StatusCode >= 300)
        {
            Fail(SipEvidence.Local(LocalEvidence.CallerRefusedMedia, SipText.Get(response.StartLine)));
            return;
        }
        var answer = Content.Of(response);
        if (SessionText.WhyNotAnswer(Call.Session.LastTold!, answer) is { } whyNot)
        {
            Fail(SipEvidence.Local(LocalEvidence.CallerRefusedMedia, $"in its answer {whyNot}"));
            Call.OfferAgain(request.Leg);
            return;
        }
        Call.Session.Describe(answer);
        if (answer is not null && (_ackIsDeferred || _session.PairWith(Call.Session) is not null))
        {
            var before = _session.LastTold;
            _session.Tell(answer, Call.Session, isOffer: false, (told, whyNot) => OnAnswerWritten(answer, told, before, whyNot));
            return;
        }
        if (_ackIsDeferred)
            _leg!.Ack(null);
        _ackIsDeferred = false;
        bool differs = answer is not null && _offer is not null && _session.Media is null && !SessionText.SameDestination(answer, _offer);
        Connect(differs ? answer : null);
    }

    /// <summary>The caller's answer to the offer that the target's session was: the target gets it where it waits for one, or where it is anything new.</summary>
    private void OnAnswerWritten(Content answer, Content? told, Content? before, string? whyNot)
    {
        if (told is null)
        {
            NotWritten(whyNot);
            return;
        }
        if (IsOver)
            return;
        bool isAwaited = _ackIsDeferred;
        if (isAwaited)
            _leg!.Ack(told);
        _ackIsDeferred = false;
        Connect(isAwaited || before is null || SessionText.SamePlace(before, told) ? null : answer);
    }

    void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why)
    {
        // The side that is kept has ended, and says so itself: the call is over, and nothing is to be tried any more.
        if (IsOver || why == NoResponse.Ended)
            return;
        Fail(SipEvidence.Local(LocalEvidence.CallerRefusedMedia, why.ToString()));
    }

    /// <summary>Whether the caller would do with a description what it does with the one it was told: media that goes through here goes on as it does, so long as it is of the same formats.</summary>
    private bool IsAsTold(Content told, Content description) =>
        _session.PairWith(Call.Session) is not null ? Call.Session.ToldOf is var (from, source) && from == _session && SessionText.SameMedia(source, description)
        : Call.Session.Media is null ? SessionText.SameDestination(told, description) : SessionText.SameFormats(told, description);

    /// <summary>Another change of the caller's session is under way: the offer waits a little.</summary>
    private sealed class OfferPause(InviteTransfer attempt) : CallTimer(attempt.Call)
    {
        protected override void Fire() => attempt.OfferToCaller();
    }
}
