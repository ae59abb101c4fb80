namespace EventCalls.Sip.Transactions;

/// <summary>A timer that lives in the object it belongs to: scheduling it allocates nothing.</summary>
public abstract class WheelTimer
{
    internal WheelTimer? Previous;
    internal WheelTimer? Following;
    internal int Slot = -1;

    /// <summary>When it is due, on the wheel's clock, milliseconds.</summary>
    public long DueAt { get; internal set; }

    /// <summary>Whether it waits to fire.</summary>
    public bool IsScheduled => Slot >= 0;

    /// <summary>Called once when due, on the wheel's thread; may schedule the timer again.</summary>
    protected internal abstract void Fire();

    /// <summary><see cref="Fire"/> threw. Whether that was dealt with; if not, it is thrown on.</summary>
    protected internal virtual bool TakeFault(Exception e) => false;
}
