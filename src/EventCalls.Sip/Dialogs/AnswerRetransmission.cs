using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Sends a 2xx to an INVITE again until its ACK comes, on every transport (RFC 3261 §13.3.1.4).</summary>
internal abstract class AnswerRetransmission(UserAgent agent, InviteServerTransaction transaction) : WheelTimer
{
    private long _interval;
    private long _givesUpAt;

    /// <summary>The 2xx has been sent for the first time.</summary>
    public void Start()
    {
        _interval = agent.Timers.T1;
        _givesUpAt = agent.Now + agent.Timers.T1x64;
        agent.Wheel.Schedule(this, _interval);
    }

    public void Stop() => agent.Wheel.Cancel(this);

    protected abstract void OnGivenUp();

    protected internal override void Fire()
    {
        if (agent.Now >= _givesUpAt)
        {
            OnGivenUp();
            return;
        }
        transaction.SendLastAgain();
        _interval = Math.Min(2 * _interval, agent.Timers.T2);
        agent.Wheel.Schedule(this, Math.Min(_interval, _givesUpAt - agent.Now));
    }
}
