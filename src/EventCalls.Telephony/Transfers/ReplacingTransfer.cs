using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Calls;

namespace EventCalls.Telephony.Transfers;

/// <summary>Takes an INVITE with Replaces: the side that is kept is offered its session by re-INVITE, its answer answers the INVITE, and who was replaced hears BYE (RFC 3891 §3).</summary>
internal sealed class ReplacingTransfer(Call call, HandoffRun run, Arrival arrival) : TransferAttempt(call, run), IRequestHandler, IIncomingLegHandler
{
    private const int NotAcceptable = 488;

    private readonly LegSession _session = new();
    private int _refusal = 480;

    /// <inheritdoc />
    protected override SipEvidence? Prepare(ref SentWords sent)
    {
        sent.Target = Step.PhoneNumber ?? "";
        sent.Trunk = arrival.Trunk?.Name;
        arrival.Leg.Handler = this;
        if (arrival.Offer is not null)
            return null;
        _refusal = NotAcceptable;
        return SipEvidence.Local(LocalEvidence.AnswerNotUsable, "the INVITE brings no offer");
    }

    /// <inheritdoc />
    protected override void Go()
    {
        if (Call.Kept.Leg.HasOpenChange)
        {
            _refusal = 491;
            Fail(SipEvidence.Local(LocalEvidence.CallerRefusedMedia, "another change of its session is under way"));
            return;
        }
        _session.Describe(arrival.Offer);
        if (Call.Anchor(_session, arrival.Leg.Hop, arrival.Trunk, Step) is { } notAnchored)
        {
            Fail(notAnchored);
            return;
        }
        Call.Session.Offer(Call.Kept.Leg, arrival.Offer!, _session, this, () => !IsOver, whyNot => Fail(SipEvidence.Local(LocalEvidence.MediaEngine, whyNot)));
    }

    /// <inheritdoc />
    protected override void Withdraw(string? reason)
    {
        Call.LetGo(_session);
        arrival.Leg.Reject(_refusal);
    }

    void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
    {
        if (response.StatusCode < 200)
            return;
        var answer = response.StatusCode < 300 ? Content.Of(response) : null;
        if (IsOver)
        {
            // Whoever was to come has gone meanwhile.
            if (response.StatusCode < 300)
                Call.OfferAgain(request.Leg);
            return;
        }
        if (response.StatusCode >= 300 || SessionText.WhyNotAnswer(Call.Session.LastTold!, answer) is not null)
        {
            _refusal = NotAcceptable;
            Fail(SipEvidence.Local(LocalEvidence.CallerRefusedMedia, SipText.Get(response.StartLine)));
            if (response.StatusCode < 300)
                Call.OfferAgain(request.Leg);
            return;
        }
        Call.Session.Describe(answer);
        if (answer is null)
            Connect(null);
        else
            _session.Tell(answer, Call.Session, isOffer: false, OnWritten);
    }

    private void OnWritten(Content? told, string? whyNot)
    {
        if (IsOver)
            return;
        if (told is null)
            Fail(SipEvidence.Local(LocalEvidence.MediaEngine, whyNot));
        else
            Connect(told);
    }

    private void Connect(Content? told)
    {
        arrival.Leg.Answer(told);
        Complete(SipEvidence.Local(LocalEvidence.Sent, "200 to an INVITE with Replaces"), arrival.Uri);
        Call.OnBridged(new CallSide(arrival.Leg, _session, arrival.Name, arrival.Trunk, arrival.Uri), Step, false);
    }

    void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why)
    {
        // The side that is kept has ended, and says so itself.
        if (!IsOver && why != NoResponse.Ended)
            Fail(SipEvidence.Local(LocalEvidence.CallerRefusedMedia, why.ToString()));
    }

    void IIncomingLegHandler.OnCancelled(IncomingLeg leg, SipMessage cancel) => OnGone("CANCEL", ReceivedFacts.Text(cancel, HeaderId.Reason));

    void ILegHandler.OnBye(Leg leg, SipMessage bye) => OnGone("BYE", ReceivedFacts.Text(bye, HeaderId.Reason));

    void ILegHandler.OnRequest(Leg leg, IncomingRequest request) => PassedRequest.RespondAlone(Call, leg, request, isUntimely: true);

    void ILegHandler.OnLost(Leg leg, NoResponse why) => OnGone("", null);

    void IIncomingLegHandler.OnNotAcknowledged(IncomingLeg leg) => OnGone("", null);

    void IIncomingLegHandler.OnExpired(IncomingLeg leg) => OnGone("Expires", null);

    void ILegHandler.OnFault(Leg leg, Exception e)
    {
        if (IsLetGo)
            Call.LogFault(e);
        else
            Call.OnFault(e);
    }

    private void OnGone(string method, string? reason)
    {
        if (!IsOver)
            Fail(SipEvidence.OfRequest(LocalEvidence.TargetGone, method, reason));
    }
}
