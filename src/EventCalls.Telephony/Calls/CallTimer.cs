using EventCalls.Sip.Transactions;

namespace EventCalls.Telephony.Calls;

/// <summary>A timer of a call, of one purpose: what it throws ends that call, and nothing else.</summary>
internal abstract class CallTimer(Call call) : WheelTimer
{
    /// <summary>The call.</summary>
    protected Call Call { get; } = call;

    /// <summary>Lets it fire after so many milliseconds, instead of when it was to.</summary>
    public void Start(long delayMs) => Call.Shard.Agent.Wheel.Schedule(this, delayMs);

    /// <summary>Keeps it from firing.</summary>
    public void Stop() => Call.Shard.Agent.Wheel.Cancel(this);

    /// <inheritdoc />
    protected override bool TakeFault(Exception e)
    {
        Call.OnFault(e);
        return true;
    }
}
