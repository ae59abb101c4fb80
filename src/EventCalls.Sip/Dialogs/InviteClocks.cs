using System.Buffers.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>What time does to a received INVITE that is not answered: it is rung again every minute (RFC 3261 §13.3.1.1), and ends when its Expires is over (§13.3.1).</summary>
internal sealed class InviteClocks(IncomingLeg leg) : WheelTimer
{
    private const int MinuteMs = 60_000;
    private const uint MostSeconds = 86_400;

    private long _expiresAt = long.MaxValue;
    private long _ringsAt;

    public void Start(SipMessage invite)
    {
        if (invite.Has(HeaderId.Expires) && Utf8Parser.TryParse(invite.Header(HeaderId.Expires), out uint seconds, out _) && seconds <= MostSeconds)
            _expiresAt = leg.Agent.Now + (1000L * seconds);
        OnRung();
    }

    /// <summary>Something provisional was sent: the minute begins anew.</summary>
    public void OnRung()
    {
        _ringsAt = leg.Agent.Now + MinuteMs;
        Schedule();
    }

    public void Stop() => leg.Agent.Wheel.Cancel(this);

    private void Schedule() => leg.Agent.Wheel.Schedule(this, Math.Min(_expiresAt, _ringsAt) - leg.Agent.Now);

    protected internal override void Fire()
    {
        if (leg.Agent.Now >= _expiresAt)
        {
            leg.Expire();
            return;
        }
        // Proxies on the way forget an INVITE of which they hear nothing for three minutes (§16.7).
        leg.RingAgain();
        OnRung();
    }

    protected internal override bool TakeFault(Exception e)
    {
        leg.Fail(e);
        return true;
    }
}
