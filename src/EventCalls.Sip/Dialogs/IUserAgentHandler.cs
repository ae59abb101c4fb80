using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Who takes the calls a user agent receives. All calls come on the shard's thread; messages are valid during the call only.</summary>
public interface IUserAgentHandler
{
    /// <summary>Whether a request outside a dialog may be of somebody we know; otherwise it is answered 403 (RFC 3261 §21.4.4).</summary>
    bool Admits(SipMessage request, Hop hop);

    /// <summary>Looks at a request outside a dialog, or from the peer of its dialog, before anything is kept of it. Of an ACK or a CANCEL nothing is asked (RFC 3261 §22.1).</summary>
    /// <param name="request">The request.</param>
    /// <param name="hop">Where it came from.</param>
    /// <param name="leg">The leg of its dialog; null when it begins something.</param>
    Admission Examine(SipMessage request, Hop hop, Leg? leg) => leg is not null || Admits(request, hop) ? Admission.Taken : Admission.Refused;

    /// <summary>Whether nothing that a peer begins is even answered; what belongs to a call that is up is taken all the same. Asked for every message.</summary>
    bool Ignores(Hop hop) => false;

    /// <summary>Whether a message of a transaction or dialog whose peer has another address is taken from there all the same: an address of a trunk.</summary>
    bool Knows(Hop hop) => false;

    /// <summary>Whether a request too large for a datagram may go over TCP to a peer that is reached by datagrams (RFC 3261 §18.1.1); when that fails it goes as a datagram. Asked of large requests alone.</summary>
    bool MayUseTcp(Hop hop) => true;

    /// <summary>A message was refused because of where it came from; whether it is answered at all. A flood calls it as often.</summary>
    bool OnRefused(SipMessage message, Hop hop) => true;

    /// <summary>A new INVITE; 100 has been sent. Set <see cref="IncomingLeg.Handler"/> and keep the leg, or <see cref="IncomingLeg.Reject"/> it.</summary>
    void OnInvite(IncomingLeg leg, SipMessage invite);
}
