using System.Numerics;

namespace EventCalls.Sip.Transactions;

/// <summary>A hierarchical timing wheel of one-millisecond ticks: six levels of 64 slots reach two years.</summary>
/// <remarks>
/// Scheduling, cancelling and firing are O(1); a timer moves down at most five levels in its life. Not thread-safe: it belongs to one shard.
/// Time only moves when <see cref="Advance"/> is told so, which is what makes every timer testable in virtual time.
/// </remarks>
public sealed class TimingWheel
{
    private const int Levels = 6;
    private const int Bits = 6;
    private const int Slots = 1 << Bits;

    private readonly WheelTimer?[] _heads = new WheelTimer?[Levels * Slots];
    private readonly ulong[] _occupied = new ulong[Levels];
    private long _elapsed;

    /// <summary>A wheel whose clock begins at <paramref name="now"/>, milliseconds.</summary>
    public TimingWheel(long now = 0) => Now = _elapsed = now;

    /// <summary>The time of the last <see cref="Advance"/>, milliseconds.</summary>
    public long Now { get; private set; }

    /// <summary>How many timers wait.</summary>
    public int Count { get; private set; }

    /// <summary>When <see cref="Advance"/> has something to do next; <see cref="long.MaxValue"/> when no timer waits. May be early, never late.</summary>
    public long NextDue => TryFindNext(out _, out _, out long deadline) ? deadline : long.MaxValue;

    /// <summary>Schedules the timer <paramref name="delayMs"/> from <see cref="Now"/> (at least one tick), in place of what it was scheduled for.</summary>
    public void Schedule(WheelTimer timer, long delayMs)
    {
        if (timer.IsScheduled)
            Cancel(timer);
        timer.DueAt = Math.Max(Now + Math.Max(delayMs, 0), _elapsed + 1);
        Insert(timer);
        Count++;
    }

    /// <summary>Takes the timer out; does nothing when it does not wait.</summary>
    public void Cancel(WheelTimer timer)
    {
        if (!timer.IsScheduled)
            return;
        Remove(timer);
        Count--;
    }

    /// <summary>Takes the timer out when there is one.</summary>
    public void CancelIfAny(WheelTimer? timer)
    {
        if (timer is not null)
            Cancel(timer);
    }

    /// <summary>Moves the clock to <paramref name="now"/> and fires what is due, in order of time. A clock that goes back is ignored.</summary>
    public void Advance(long now)
    {
        if (now < Now)
            return;
        while (TryFindNext(out int level, out int slot, out long deadline) && deadline <= now)
        {
            _elapsed = Math.Max(_elapsed, deadline);
            Now = _elapsed;
            int index = (level << Bits) | slot;
            while (_heads[index] is { } timer)
            {
                Remove(timer);
                if (timer.DueAt <= _elapsed)
                {
                    Count--;
                    Fire(timer);
                }
                else
                {
                    Insert(timer);
                }
            }
        }
        Now = _elapsed = now;
    }

    /// <summary>A timer that throws is its owner's affair, which ends what it belongs to; the others go on.</summary>
    private static void Fire(WheelTimer timer)
    {
        try
        {
            timer.Fire();
        }
        catch (Exception e)
        {
            if (!timer.TakeFault(e))
                throw;
        }
    }

    private bool TryFindNext(out int level, out int slot, out long deadline)
    {
        for (level = 0; level < Levels; level++)
        {
            ulong occupied = _occupied[level];
            if (occupied == 0)
                continue;
            int shift = level * Bits;
            int current = (int)((_elapsed >> shift) & (Slots - 1));
            slot = (BitOperations.TrailingZeroCount(BitOperations.RotateRight(occupied, current)) + current) & (Slots - 1);
            long levelRange = 1L << (shift + Bits);
            deadline = (_elapsed & ~(levelRange - 1)) + ((long)slot << shift);
            if (slot < current)
                deadline += levelRange;
            return true;
        }
        slot = 0;
        deadline = long.MaxValue;
        return false;
    }

    private void Insert(WheelTimer timer)
    {
        ulong differing = (ulong)(timer.DueAt ^ _elapsed) | (Slots - 1);
        int level = Math.Min((63 - BitOperations.LeadingZeroCount(differing)) / Bits, Levels - 1);
        int slot = (int)((timer.DueAt >> (level * Bits)) & (Slots - 1));
        int index = (level << Bits) | slot;
        timer.Slot = index;
        timer.Previous = null;
        timer.Following = _heads[index];
        if (timer.Following is { } head)
            head.Previous = timer;
        _heads[index] = timer;
        _occupied[level] |= 1UL << slot;
    }

    private void Remove(WheelTimer timer)
    {
        int index = timer.Slot;
        if (timer.Previous is { } previous)
            previous.Following = timer.Following;
        else
            _heads[index] = timer.Following;
        if (timer.Following is { } following)
            following.Previous = timer.Previous;
        timer.Previous = timer.Following = null;
        timer.Slot = -1;
        if (_heads[index] is null)
            _occupied[index >> Bits] &= ~(1UL << (index & (Slots - 1)));
    }
}
