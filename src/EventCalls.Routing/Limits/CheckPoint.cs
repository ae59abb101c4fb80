using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EventCalls.Routing.Limits;

/// <summary>Called from check points that the compiler puts into routing logic: ends a decision that is over its limits.</summary>
/// <remarks>
/// Not for use in routing logic. State is kept per thread. The limit is CPU time of the thread, so that a busy machine does not fail what an
/// idle one decides; the clock on the wall, read at every 64th check point and never ahead of it, says when to look at the CPU's, which costs
/// more. A decision that waits for the CPU longer than <see cref="WallFactor"/> limits is over as well.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CheckPoint
{
    /// <summary>How many times its CPU limit a decision may take on the wall.</summary>
    internal const int WallFactor = 8;

    private const int Interval = 64;

    // What a decision runs before its CPU clock is looked at first is taken to have been CPU time: a fraction this small of the limit.
    private const int FirstLook = 32;

    [ThreadStatic]
    private static Limits t_limits;

    private struct Limits
    {
        public int StepsLeft;
        public bool Armed;
        public bool Over;
        public bool OverMemory;
        public bool TooDeep;
        public long Began;
        public long TimeLimit;
        public long NextLook;
        public long? CpuBase;
        public long AllocatedAtMost;
    }

    internal static bool IsOver => t_limits.Over;

    internal static bool IsOverMemory => t_limits.OverMemory;

    internal static bool IsTooDeep => t_limits.TooDeep;

    /// <summary>At each turn of a loop.</summary>
    public static void Step()
    {
        ref var limits = ref t_limits;
        if (--limits.StepsLeft < 0)
            Check(ref limits);
    }

    /// <summary>At the entry of a method or lambda: recursion that would overflow the stack throws instead.</summary>
    public static void Enter()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            Deep();
        Step();
    }

    /// <summary>As <see cref="Enter"/>, for where a value is needed.</summary>
    public static bool Entered()
    {
        Enter();
        return true;
    }

    /// <summary>In the filter of every <c>catch</c>: a decision that is over its limit cannot be held up by catching what ends it.</summary>
    public static bool Catches() => !t_limits.Over;

    /// <summary>Around what every <c>finally</c> and <c>Dispose</c> does: left out when the decision is over its limit, since an exception
    /// thrown there while another is on its way takes more of the stack with each level of a recursion.</summary>
    public static bool Finally()
    {
        ref var limits = ref t_limits;
        if (!limits.Over && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            MarkTooDeep(ref limits);
        return !limits.Over;
    }

    /// <param name="now">The timestamp of this moment, which whoever begins has read.</param>
    /// <param name="timeLimit">CPU time.</param>
    /// <param name="allocationLimit">Bytes.</param>
    internal static void Begin(long now, TimeSpan timeLimit, long allocationLimit)
    {
        long limit = (long)(timeLimit.TotalSeconds * Stopwatch.Frequency);
        t_limits = new Limits
        {
            StepsLeft = Interval,
            Armed = true,
            Began = now,
            TimeLimit = limit,
            NextLook = now + (limit / FirstLook),
            AllocatedAtMost = GC.GetAllocatedBytesForCurrentThread() + allocationLimit,
        };
    }

    internal static void End() => t_limits = default;

    /// <summary>Something that the decision did met a limit of the process (memory, stack): it fails, whatever the logic does then.</summary>
    internal static void Exhausted(bool isMemory)
    {
        ref var limits = ref t_limits;
        if (!isMemory)
        {
            MarkTooDeep(ref limits);
            return;
        }

        limits.Over |= limits.Armed;
        limits.OverMemory |= limits.Armed;
        limits.StepsLeft = 0;
    }

    /// <summary>Ends the decision where it stands, past everything the logic would catch it with.</summary>
    internal static void GiveUp()
    {
        ref var limits = ref t_limits;
        limits.Over |= limits.Armed;
        limits.StepsLeft = 0;
        throw new LogicOverrunException();
    }

    private static void Deep()
    {
        MarkTooDeep(ref t_limits);
        throw new LogicOverrunException();
    }

    // How deep it goes depends on the thread, so a decision that got here fails, whatever the logic does then.
    private static void MarkTooDeep(ref Limits limits)
    {
        limits.Over |= limits.Armed;
        limits.TooDeep |= limits.Armed;
        limits.StepsLeft = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Check(ref Limits limits)
    {
        if (!limits.Armed)
        {
            limits.StepsLeft = int.MaxValue;
            return;
        }

        if (!limits.Over)
        {
            limits.OverMemory = GC.GetAllocatedBytesForCurrentThread() > limits.AllocatedAtMost;
            limits.Over = limits.OverMemory || IsOverTime(ref limits, Stopwatch.GetTimestamp());
        }

        // Once over, every check point throws: logic that catches the exception and goes on gets no further.
        limits.StepsLeft = limits.Over ? 0 : Interval;
        if (limits.Over)
            throw new LogicOverrunException();
    }

    private static bool IsOverTime(ref Limits limits, long now)
    {
        if (now < limits.NextLook)
            return false;
        long onWall = now - limits.Began;
        if (ThreadCpu.Timestamp() is not { } cpu)
        {
            limits.NextLook = limits.Began + limits.TimeLimit;
            return onWall > limits.TimeLimit;
        }

        limits.CpuBase ??= cpu - onWall;
        long left = limits.TimeLimit - (cpu - limits.CpuBase.Value);
        limits.NextLook = now + left;
        return left < 0 || onWall > limits.TimeLimit * WallFactor;
    }
}
