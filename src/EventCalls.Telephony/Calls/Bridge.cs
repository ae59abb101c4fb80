using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Telephony.Calls;

/// <summary>The side that a call keeps, connected to its peer: what one leg asks is passed to the other, and when one ends the call ends.</summary>
/// <remarks>The call hears of the leg that it keeps, mostly the caller's; the bridge hears of the peer's.</remarks>
internal sealed class Bridge(Call call, CallSide peer, bool ackIsDeferred) : IIncomingLegHandler
{
    private bool _ackIsDeferred = ackIsDeferred;

    /// <summary>The change of session whose 2xx carried the offer, waiting for the answer in the ACK.</summary>
    private PassedRequest? _awaitsAck;

    /// <summary>The call.</summary>
    public Call Call { get; } = call;

    /// <summary>Whom the kept side is connected to.</summary>
    public CallSide Peer { get; private set; } = peer;

    /// <summary>Whether the bridge was given up for another one; it hears nothing any more.</summary>
    private bool IsOver => Call.Bridge != this;

    /// <summary>The two sides change places: the peer is kept from now on.</summary>
    /// <returns>The new kept side.</returns>
    public CallSide Turn(CallSide kept)
    {
        var peer = Peer;
        Peer = kept;
        Peer.GiveTo(this);
        return peer;
    }

    /// <summary>The caller acknowledged our answer; its ACK has the answer when the target made the offer.</summary>
    public void OnCallerAcknowledged(SipMessage ack)
    {
        if (!_ackIsDeferred)
            return;
        _ackIsDeferred = false;
        var answer = Content.Of(ack);
        var leg = (OutgoingLeg)Peer.Leg;
        if (answer is null)
            leg.Ack(null);
        else
            Peer.Session.Tell(answer, Call.Session, isOffer: false, (told, _) => leg.Ack(told));
    }

    /// <summary>A request of the kept side's, for the peer.</summary>
    public void FromKept(IncomingRequest request) => PassedRequest.Pass(this, Call, request, Call.Kept, Peer);

    /// <summary>The ACK of a change that the kept side asked for.</summary>
    public void FromKeptAcknowledged(SipMessage ack) => Acknowledged(Call.Kept.Leg, ack);

    /// <summary>Ends the peer's leg.</summary>
    public void EndPeer(string? reason) => Peer.Leg.Bye(ReasonHeader.Passed(reason));

    /// <summary>The passed request waits for an ACK with the answer.</summary>
    public void AwaitAck(PassedRequest request) => _awaitsAck = request;

    void ILegHandler.OnRequest(Leg leg, IncomingRequest request)
    {
        if (IsOver)
            request.Respond(481);
        else
            PassedRequest.Pass(this, Call, request, Peer, Call.Kept);
    }

    void ILegHandler.OnRequestAcknowledged(Leg leg, SipMessage ack)
    {
        if (!IsOver)
            Acknowledged(Peer.Leg, ack);
    }

    void IIncomingLegHandler.OnCancelled(IncomingLeg leg, SipMessage cancel) => OnGone(CallEndCause.HungUp, ReceivedFacts.Text(cancel, HeaderId.Reason));

    void ILegHandler.OnBye(Leg leg, SipMessage bye) => OnGone(CallEndCause.HungUp, ReceivedFacts.Text(bye, HeaderId.Reason));

    void IIncomingLegHandler.OnNotAcknowledged(IncomingLeg leg) => OnGone(CallEndCause.PeerSilent, null);

    void ILegHandler.OnLost(Leg leg, NoResponse why) => OnGone(CallEnding.CauseOf(why), null);

    void ILegHandler.OnFault(Leg leg, Exception e)
    {
        if (IsOver)
            Call.LogFault(e);
        else
            Call.OnFault(e);
    }

    private void Acknowledged(Leg from, SipMessage ack)
    {
        if (_awaitsAck is not { } passed || passed.From != from)
            return;
        _awaitsAck = null;
        passed.Acknowledge(Content.Of(ack));
    }

    private void OnGone(CallEndCause cause, string? reason)
    {
        if (!IsOver)
            Call.OnPeerGone(cause, reason);
    }
}
