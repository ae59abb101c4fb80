using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Live;

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

/// <summary>What a target does with a call.</summary>
internal enum TargetBehaviour
{
    /// <summary>404.</summary>
    DoesNotExist,

    /// <summary>Rings a little and answers.</summary>
    Answers,

    /// <summary>Answers, and hangs up after a while.</summary>
    AnswersAndHangsUp,

    /// <summary>Rings until it is cancelled.</summary>
    RingsOn,

    /// <summary>486.</summary>
    IsBusy,

    /// <summary>Rings a little, then 603.</summary>
    Declines,

    /// <summary>503.</summary>
    IsUnavailable,
}
