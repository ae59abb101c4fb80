using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Transfers;

namespace EventCalls.Telephony.Calls;

/// <summary>The caller connected to a target: what one leg asks is passed to the other, and when one ends the call ends.</summary>
internal sealed class Bridge(Call call, OutgoingLeg target, bool ackIsDeferred) : ILegHandler
{
    private bool _ackIsDeferred = ackIsDeferred;

    /// <summary>The change of session whose 2xx carried the offer, waiting for the answer in the ACK.</summary>
    private PassedRequest? _awaitsAck;

    /// <summary>The target's leg.</summary>
    public OutgoingLeg Target { get; } = target;

    /// <summary>Whether the bridge was given up for another one; it hears nothing any more.</summary>
    private bool IsOver => call.Bridge != this;

    /// <summary>The caller acknowledged our answer; its ACK has the answer when the target made the offer.</summary>
    public void OnCallerAcknowledged(SipMessage ack)
    {
        if (!_ackIsDeferred)
            return;
        _ackIsDeferred = false;
        Target.Ack(Content.Of(ack));
    }

    /// <summary>A request of the caller's, for the target.</summary>
    public void FromCaller(IncomingRequest request) => PassedRequest.Pass(this, call, request, call.Caller, Target);

    /// <summary>The ACK of a change that the caller asked for.</summary>
    public void FromCallerAcknowledged(SipMessage ack) => Acknowledged(call.Caller, ack);

    /// <summary>Ends the target's leg.</summary>
    public void EndTarget(string? reason) => Target.Bye(ReasonHeader.Passed(reason));

    /// <summary>The passed request waits for an ACK with the answer.</summary>
    public void AwaitAck(PassedRequest request) => _awaitsAck = request;

    void ILegHandler.OnRequest(Leg leg, IncomingRequest request)
    {
        if (IsOver)
        {
            request.Respond(481);
            return;
        }
        PassedRequest.Pass(this, call, request, Target, call.Caller);
    }

    void ILegHandler.OnRequestAcknowledged(Leg leg, SipMessage ack)
    {
        if (IsOver)
            return;
        Acknowledged(Target, ack);
    }

    void ILegHandler.OnBye(Leg leg, SipMessage bye) => OnGone(CallEndCause.HungUp, ReceivedFacts.Text(bye, HeaderId.Reason));

    void ILegHandler.OnLost(Leg leg, NoResponse why) => OnGone(CallEndCause.PeerSilent, null);

    void ILegHandler.OnFault(Leg leg, Exception e)
    {
        if (IsOver)
            call.LogFault(e);
        else
            call.OnFault(e);
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
        if (IsOver)
            return;
        call.OnTargetGone(cause, reason);
    }
}
