using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EventCalls.Routing.Deciding;

/// <summary>Called from check points that the compiler puts into routing logic: ends a decision that is over its limits.</summary>
/// <remarks>Not for use in routing logic. State is kept per thread; the clock is read at every 64th check point only.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CheckPoint
{
    private const int Interval = 64;

    [ThreadStatic]
    private static Limits t_limits;

    private struct Limits
    {
        public int StepsLeft;
        public bool Armed;
        public bool Over;
        public bool OverMemory;
        public bool TooDeep;
        public long Deadline;
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

    internal static void Begin(TimeSpan timeLimit, long allocationLimit)
    {
        t_limits = new Limits
        {
            StepsLeft = Interval,
            Armed = true,
            Deadline = Stopwatch.GetTimestamp() + (long)(timeLimit.TotalSeconds * Stopwatch.Frequency),
            AllocatedAtMost = GC.GetAllocatedBytesForCurrentThread() + allocationLimit,
        };
    }

    internal static void End() => t_limits = default;

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
            limits.Over = limits.OverMemory || Stopwatch.GetTimestamp() > limits.Deadline;
        }

        // Once over, every check point throws: logic that catches the exception and goes on gets no further.
        limits.StepsLeft = limits.Over ? 0 : Interval;
        if (limits.Over)
            throw new LogicOverrunException();
    }
}
