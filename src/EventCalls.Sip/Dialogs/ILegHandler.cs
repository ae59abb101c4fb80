using System.Runtime.ExceptionServices;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Who owns a leg and hears what happens within its dialog. All calls come on the shard's thread; messages are valid during the call only.</summary>
/// <remarks>What becomes of the INVITE is told to <see cref="IIncomingLegHandler"/> or <see cref="IOutgoingLegHandler"/>.</remarks>
public interface ILegHandler
{
    /// <summary>A BYE: 200 is sent, the leg has ended.</summary>
    void OnBye(Leg leg, SipMessage bye);

    /// <summary>A re-INVITE, UPDATE, INFO, REFER or MESSAGE in the dialog, to be answered now or later.</summary>
    void OnRequest(Leg leg, IncomingRequest request);

    /// <summary>The ACK of a 2xx to a re-INVITE; its body is the answer when the 2xx carried the offer. By default nothing is done: who answered with no offer learns nothing from it.</summary>
    void OnRequestAcknowledged(Leg leg, SipMessage ack)
    {
    }

    /// <summary>The peer is gone: it knows the dialog no more (481), or is silent. The leg has ended.</summary>
    void OnLost(Leg leg, NoResponse why);

    /// <summary>Something threw on the leg, be it a handler: a defect. What is not ended of the leg here ends right after. By default it is thrown on, to whoever runs the shard.</summary>
    void OnFault(Leg leg, Exception e) => ExceptionDispatchInfo.Throw(e);
}

/// <summary>Who takes a call: hears what becomes of the INVITE that was received, too.</summary>
public interface IIncomingLegHandler : ILegHandler
{
    /// <summary>A CANCEL before the final response: 200 and 487 are sent, the leg has ended.</summary>
    void OnCancelled(IncomingLeg leg, SipMessage cancel);

    /// <summary>The ACK of our 2xx; its body is the answer when the 2xx carried the offer. By default nothing is done: the leg is confirmed, which its state says.</summary>
    void OnAcknowledged(IncomingLeg leg, SipMessage ack)
    {
    }

    /// <summary>No ACK for 64·T1 (RFC 3261 §13.3.1.4) and BYE is sent, or no PRACK for as long (RFC 3262 §3) and 504 is: the leg has ended.</summary>
    void OnNotAcknowledged(IncomingLeg leg);

    /// <summary>The INVITE's Expires is over before it was answered (RFC 3261 §13.3.1): 487 is sent, the leg has ended. By default as a caller that went silent.</summary>
    void OnExpired(IncomingLeg leg) => OnNotAcknowledged(leg);
}

/// <summary>Who calls: hears what becomes of the INVITE that was sent, too.</summary>
public interface IOutgoingLegHandler : ILegHandler
{
    /// <summary>A provisional response 101–199. By default nothing is done: who only wants an answer waits on.</summary>
    void OnProgress(OutgoingLeg leg, SipMessage response)
    {
    }

    /// <summary>The first 2xx. It is acknowledged after the call, unless <see cref="OutgoingLeg.DeferAck"/> was called.</summary>
    void OnAnswered(OutgoingLeg leg, SipMessage response);

    /// <summary>The final 300–699; the leg has ended.</summary>
    void OnFailed(OutgoingLeg leg, SipMessage response);

    /// <summary>There is no final response; the leg has ended.</summary>
    void OnNoResponse(OutgoingLeg leg, NoResponse why);
}
