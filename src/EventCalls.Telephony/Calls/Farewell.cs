using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Telephony.Calls;

/// <summary>A side that had the call handed on by its own REFER, and has nobody to talk to now: it hangs up when it has heard the result, or we do (RFC 5589 §6.1).</summary>
internal sealed class Farewell(Call call, CallSide side) : CallTimer(call), IIncomingLegHandler
{
    /// <summary>Begins the wait.</summary>
    public void Begin(int delayMs)
    {
        side.GiveTo(this);
        if (delayMs <= 0 || !side.IsConfirmed)
            End();
        else
            Start(delayMs);
    }

    /// <summary>Ends the leg now.</summary>
    public void End()
    {
        Stop();
        Call.Leavers.Remove(this);
        side.Leg.Bye();
    }

    /// <inheritdoc />
    protected override void Fire() => End();

    void ILegHandler.OnRequest(Leg leg, IncomingRequest request) => request.Respond(481);

    void ILegHandler.OnBye(Leg leg, SipMessage bye) => OnGone();

    void ILegHandler.OnLost(Leg leg, NoResponse why) => OnGone();

    void IIncomingLegHandler.OnCancelled(IncomingLeg leg, SipMessage cancel) => OnGone();

    void IIncomingLegHandler.OnNotAcknowledged(IncomingLeg leg) => OnGone();

    void ILegHandler.OnFault(Leg leg, Exception e) => Call.LogFault(e);

    private void OnGone()
    {
        Stop();
        Call.Leavers.Remove(this);
    }
}
