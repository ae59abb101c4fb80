using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Asks a confirmed leg that has been quiet whether it is still there, so that no call outlives a dead peer.</summary>
internal sealed class LegPing(Leg leg) : WheelTimer, IRequestHandler
{
    private bool _asking;

    private long After => leg.Agent.Options.PingAfterMs;

    public void Start() => leg.Agent.Wheel.Schedule(this, After);

    public void Stop() => leg.Agent.Wheel.Cancel(this);

    public void OnResponse(OutgoingRequest request, SipMessage response)
    {
        if (response.StatusCode < 200)
            return;
        _asking = false;
        // Any other answer comes from a peer that is there, also one that does not take OPTIONS.
        if (response.StatusCode is 481 or 408)
            leg.Lose(NoResponse.Timeout);
    }

    public void OnNoResponse(OutgoingRequest request, NoResponse why)
    {
        _asking = false;
        if (why != NoResponse.Ended)
            leg.Lose(why);
    }

    protected internal override bool TakeFault(Exception e)
    {
        leg.Fail(e);
        return true;
    }

    protected internal override void Fire()
    {
        long quiet = leg.Agent.Now - leg.HeardAt;
        if (quiet < After)
        {
            leg.Agent.Wheel.Schedule(this, After - quiet);
            return;
        }
        leg.Agent.Wheel.Schedule(this, After);
        if (_asking || leg.State != LegState.Confirmed)
            return;
        _asking = true;
        leg.Request(SipMethod.Options, null, null, this);
    }
}
