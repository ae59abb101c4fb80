using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Simulation.Live;

/// <summary>A leg of a simulated party: it agrees to what it is asked, does things later, and knows when it is over.</summary>
internal abstract class SimulatedLeg(SimulatedSession session) : ILegHandler
{
    private readonly List<Later> _pending = [];

    /// <summary>Whether the leg has ended.</summary>
    protected bool IsOver { get; private set; }

    /// <inheritdoc />
    public void OnBye(Leg leg, SipMessage bye) => End();

    /// <inheritdoc />
    public virtual void OnRequest(Leg leg, IncomingRequest request)
    {
        if (request.Method is SipMethod.Invite or SipMethod.Update && !request.Message.Body.IsEmpty)
            request.Respond(200, null, Describe());
        else
            request.Respond(200);
    }

    /// <inheritdoc />
    public void OnLost(Leg leg, NoResponse why) => End();

    /// <summary>Its own session description, a newer version each time.</summary>
    protected Content Describe() => session.Describe();

    /// <summary>Does something later, unless the leg is over by then.</summary>
    protected void After(Leg leg, int ms, Action action)
    {
        var later = new Later(this, action);
        _pending.Add(later);
        leg.Agent.Wheel.Schedule(later, ms);
    }

    /// <summary>The leg is over: nothing that was to be done later is done any more.</summary>
    protected virtual void End()
    {
        IsOver = true;
        _pending.Clear();
    }

    private sealed class Later(SimulatedLeg leg, Action action) : WheelTimer
    {
        protected override void Fire()
        {
            if (leg._pending.Remove(this))
                action();
        }
    }
}
