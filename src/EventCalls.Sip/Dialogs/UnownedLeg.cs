using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Handles a leg that nobody has taken: what it is asked is refused.</summary>
internal sealed class UnownedLeg : ILegHandler
{
    public static readonly UnownedLeg Instance = new();

    public void OnProgress(OutgoingLeg leg, SipMessage response)
    {
    }

    public void OnAnswered(OutgoingLeg leg, SipMessage response)
    {
    }

    public void OnFailed(OutgoingLeg leg, SipMessage response)
    {
    }

    public void OnNoResponse(OutgoingLeg leg, NoResponse why)
    {
    }

    public void OnCancelled(IncomingLeg leg, SipMessage cancel)
    {
    }

    public void OnAcknowledged(IncomingLeg leg, SipMessage ack)
    {
    }

    public void OnNotAcknowledged(IncomingLeg leg)
    {
    }

    public void OnBye(Leg leg, SipMessage bye)
    {
    }

    public void OnRequest(Leg leg, IncomingRequest request) => request.Respond(488);

    public void OnRequestAcknowledged(Leg leg, SipMessage ack)
    {
    }

    public void OnLost(Leg leg, NoResponse why)
    {
    }
}
