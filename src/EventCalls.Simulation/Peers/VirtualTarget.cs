using System.Net;
using EventCalls.Simulation.Network;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Peers;

/// <summary>A target, or whatever else the node dials.</summary>
internal sealed class VirtualTarget(VirtualNetwork network, IPEndPoint endPoint, Action<VirtualTarget> onDialled) : VirtualPeer(network, endPoint), IIncomingLegHandler
{
    private IncomingLeg? _leg;
    private Content? _offer;

    /// <inheritdoc />
    public override void OnInvite(IncomingLeg leg, SipMessage invite)
    {
        leg.Handler = this;
        _leg = leg;
        _offer = Content.Of(invite);
        onDialled(this);
    }

    /// <inheritdoc />
    public void OnCancelled(IncomingLeg leg, SipMessage cancel) => OnOver(leg);

    /// <inheritdoc />
    public void OnNotAcknowledged(IncomingLeg leg) => OnOver(leg);

    /// <summary>Does one step of the attempt under way.</summary>
    public void Do(PeerStep step)
    {
        if (_leg is not { } leg)
            return;
        if (step.Act == PeerAct.HangUp)
            HangUp();
        else if (leg.State != LegState.Early)
            return;
        else if (step.Status is < 200)
            leg.Ring(Math.Max(180, step.Status ?? 180), null, step.Headers);
        else if (step.Status is < 300)
            leg.Answer(Session(_offer), step.Headers);
        else
            leg.Reject(step.Status ?? 480, step.Phrase, step.Headers);
    }

    /// <summary>Hangs up.</summary>
    public void HangUp()
    {
        if (_leg is { State: LegState.Answered or LegState.Confirmed } leg)
            leg.Bye();
    }

    /// <inheritdoc />
    protected override Leg? Current => _leg;

    /// <inheritdoc />
    protected override void OnOver(Leg leg)
    {
        if (_leg == leg)
            _leg = null;
    }
}
