using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Sends a 2xx to an INVITE again until its ACK comes, on every transport (RFC 3261 §13.3.1.4).</summary>
internal abstract class AnswerRetransmission(Leg leg, InviteServerTransaction transaction) : WheelTimer
{
    private readonly UserAgent _agent = leg.Agent;
    private long _interval;
    private long _givesUpAt;

    /// <summary>The 2xx has been sent for the first time.</summary>
    public void Start()
    {
        _interval = _agent.Timers.T1;
        _givesUpAt = _agent.Now + _agent.Timers.T1x64;
        _agent.Wheel.Schedule(this, _interval);
    }

    public void Stop() => _agent.Wheel.Cancel(this);

    protected abstract void OnGivenUp();

    protected internal override bool TakeFault(Exception e)
    {
        leg.Fail(e);
        return true;
    }

    protected internal override void Fire()
    {
        if (_agent.Now >= _givesUpAt)
        {
            OnGivenUp();
            return;
        }
        transaction.SendLastAgain();
        _interval = Math.Min(2 * _interval, _agent.Timers.T2);
        _agent.Wheel.Schedule(this, Math.Min(_interval, _givesUpAt - _agent.Now));
    }
}
