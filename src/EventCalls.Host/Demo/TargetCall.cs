using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Host.Demo;

/// <summary>A telephone behind the outbound endpoint, in one call.</summary>
internal sealed class TargetCall(SimulatedSession session, TargetBehaviour behaviour, int ringMs, int talkMs) : SimulatedLeg(session), IIncomingLegHandler
{
    /// <summary>Takes the INVITE.</summary>
    public void Take(IncomingLeg leg)
    {
        leg.Handler = this;
        switch (behaviour)
        {
            case TargetBehaviour.IsBusy:
                Refuse(leg, 486);
                break;
            case TargetBehaviour.IsUnavailable:
                Refuse(leg, 503);
                break;
            case TargetBehaviour.DoesNotExist:
                Refuse(leg, 404);
                break;
            case TargetBehaviour.RingsOn:
                leg.Ring(180);
                break;
            case TargetBehaviour.Declines:
                leg.Ring(180);
                After(leg, ringMs, () => Refuse(leg, 603));
                break;
            default:
                leg.Ring(180);
                After(leg, ringMs, () => leg.Answer(Describe()));
                break;
        }
    }

    /// <inheritdoc />
    public void OnAcknowledged(IncomingLeg leg, SipMessage ack)
    {
        if (behaviour == TargetBehaviour.AnswersAndHangsUp)
            After(leg, talkMs, () => HangUp(leg));
    }

    /// <inheritdoc />
    public void OnCancelled(IncomingLeg leg, SipMessage cancel) => End();

    /// <inheritdoc />
    public void OnNotAcknowledged(IncomingLeg leg) => End();

    private void Refuse(IncomingLeg leg, int status)
    {
        leg.Reject(status);
        End();
    }

    private void HangUp(IncomingLeg leg)
    {
        leg.Bye();
        End();
    }
}
