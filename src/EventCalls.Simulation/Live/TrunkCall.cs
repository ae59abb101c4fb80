using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Simulation.Live;

/// <summary>The caller's side of one call: the caller, and the carrier's SBC in front of it.</summary>
internal sealed class TrunkCall(PlannedCall plan, Action over) : SimulatedLeg(plan.Session), IOutgoingLegHandler
{
    private const int ReportMs = 300;

    private bool _rang;
    private bool _talks;

    private CallerScript Script => plan.Scenario.Script;

    /// <inheritdoc />
    public void OnProgress(OutgoingLeg leg, SipMessage response)
    {
        if (_rang || response.StatusCode < 180)
            return;
        _rang = true;
        if (Script.CancelsAfterMs is { } ms)
            After(leg, ms, () => leg.Cancel([new HeaderLine("Reason", "SIP;cause=487;text=\"ORIGINATOR_CANCEL\"")]));
    }

    /// <inheritdoc />
    public void OnAnswered(OutgoingLeg leg, SipMessage response)
    {
        plan.SeenStatus = response.StatusCode;
        Hear(leg, response);
    }

    /// <inheritdoc />
    public void OnFailed(OutgoingLeg leg, SipMessage response)
    {
        plan.SeenStatus = response.StatusCode;
        End();
    }

    /// <inheritdoc />
    public void OnNoResponse(OutgoingLeg leg, NoResponse why) => End();

    /// <inheritdoc />
    public override void OnRequest(Leg leg, IncomingRequest request)
    {
        if (request.Method == SipMethod.Refer)
        {
            Take(leg, request);
            return;
        }
        Hear(leg, request.Message);
        base.OnRequest(leg, request);
    }

    /// <summary>The demo is over before the call is.</summary>
    public void GiveUp(OutgoingLeg leg)
    {
        if (!IsOver)
            leg.Bye();
    }

    /// <inheritdoc />
    protected override void End()
    {
        if (IsOver)
            return;
        base.End();
        over();
    }

    /// <summary>The first session that is not on hold connects the caller to somebody.</summary>
    private void Hear(Leg leg, SipMessage message)
    {
        if (_talks || !SimulatedSession.IsActive(message))
            return;
        _talks = true;
        if (Script.HangsUp)
            After(leg, plan.TalkMs, () => HangUp(leg));
    }

    private void HangUp(Leg leg)
    {
        leg.Bye([new HeaderLine("Reason", "Q.850;cause=16;text=\"Normal call clearing\"")]);
        End();
    }

    private void Take(Leg leg, IncomingRequest refer)
    {
        if (Script.Refer == ReferReaction.Refuses)
        {
            refer.Respond(405);
            return;
        }
        refer.Respond(202);
        if (Script.Refer == ReferReaction.KeepsSilent)
            return;
        Report(leg, "100 Trying");
        switch (Script.Refer)
        {
            case ReferReaction.HangsUp:
                After(leg, ReportMs, () => HangUp(leg));
                break;
            case ReferReaction.ReportsBusy:
                After(leg, ReportMs, () => Report(leg, "486 Busy Here", isFinal: true));
                break;
            default:
                After(leg, ReportMs, () => Report(leg, "180 Ringing"));
                After(leg, 3 * ReportMs, () => Succeed(leg));
                break;
        }
    }

    private void Succeed(Leg leg)
    {
        Report(leg, "200 OK", isFinal: true);
        if (Script.Refer == ReferReaction.TakesOver)
            HangUp(leg);
    }

    /// <summary>Says how far the transfer is (RFC 3515 §2.4.4).</summary>
    private static void Report(Leg leg, string status, bool isFinal = false) => leg.Request(
        SipMethod.Notify,
        new Content("message/sipfrag;version=2.0", Encoding.ASCII.GetBytes($"SIP/2.0 {status}\r\n")),
        [new HeaderLine("Event", "refer"), new HeaderLine("Subscription-State", isFinal ? "terminated;reason=noresource" : "active;expires=60")],
        null);
}
