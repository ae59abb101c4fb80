using System.Runtime.ExceptionServices;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Who owns a leg and hears what happens on it. All calls come on the shard's thread; messages are valid during the call only.</summary>
public interface ILegHandler
{
    /// <summary>A provisional response 101–199.</summary>
    void OnProgress(OutgoingLeg leg, SipMessage response);

    /// <summary>The first 2xx. It is acknowledged after the call, unless <see cref="OutgoingLeg.DeferAck"/> was called.</summary>
    void OnAnswered(OutgoingLeg leg, SipMessage response);

    /// <summary>The final 300–699; the leg has ended.</summary>
    void OnFailed(OutgoingLeg leg, SipMessage response);

    /// <summary>There is no final response; the leg has ended.</summary>
    void OnNoResponse(OutgoingLeg leg, NoResponse why);

    /// <summary>A CANCEL before the final response: 200 and 487 are sent, the leg has ended.</summary>
    void OnCancelled(IncomingLeg leg, SipMessage cancel);

    /// <summary>The ACK of our 2xx; its body is the answer when the 2xx carried the offer.</summary>
    void OnAcknowledged(IncomingLeg leg, SipMessage ack);

    /// <summary>No ACK for 64·T1 (RFC 3261 §13.3.1.4): BYE is sent, the leg has ended.</summary>
    void OnNotAcknowledged(IncomingLeg leg);

    /// <summary>A BYE: 200 is sent, the leg has ended.</summary>
    void OnBye(Leg leg, SipMessage bye);

    /// <summary>A re-INVITE, UPDATE, INFO, REFER or MESSAGE in the dialog, to be answered now or later.</summary>
    void OnRequest(Leg leg, IncomingRequest request);

    /// <summary>The ACK of a 2xx to a re-INVITE; its body is the answer when the 2xx carried the offer.</summary>
    void OnRequestAcknowledged(Leg leg, SipMessage ack);

    /// <summary>The peer is gone: it knows the dialog no more (481), or is silent. The leg has ended.</summary>
    void OnLost(Leg leg, NoResponse why);

    /// <summary>Something threw on the leg, be it a handler: a defect. What is not ended of the leg here ends right after. By default it is thrown on, to whoever runs the shard.</summary>
    void OnFault(Leg leg, Exception e) => ExceptionDispatchInfo.Throw(e);
}
