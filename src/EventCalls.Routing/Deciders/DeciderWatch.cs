using System.Diagnostics;
using EventCalls.Routing.Limits;

namespace EventCalls.Routing.Deciders;

/// <summary>How long a decider has been at one decision: by its CPU time, and generously by the clock on the wall.</summary>
internal sealed class DeciderWatch(Process process, BeganMark mark, TimeSpan grace, TimeProvider time)
{
    // A decision waits for nothing but the CPU; one that has hardly had any all this time waits for what never comes.
    // The runtime itself does a little beside it.
    private const double IdleShare = 0.1;
    private const double IdleShareOfLoad = 0.02;
    private static readonly TimeSpan s_blocked = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_blockedLoad = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_stuck = TimeSpan.FromSeconds(5);

    private long _answered = -1;
    private long _answeredSince;
    private long _id;
    private long _since;
    private TimeSpan _cpu;

    /// <summary>It takes no decision; with some asked and none answered for long it is to be ended as well.</summary>
    /// <param name="answered">A number that grows with each answer; less than 0 when nothing is asked.</param>
    public (DeciderEnd Kind, string Message)? LookBetween(long answered)
    {
        _id = 0;
        if (answered < 0 || answered != _answered)
        {
            _answered = answered;
            _answeredSince = time.GetTimestamp();
            return null;
        }

        return time.GetElapsedTime(_answeredSince) > s_stuck ? (DeciderEnd.Blocked, "it did not answer") : null;
    }

    /// <summary>What is to be done about the decision; null when it is within its limit.</summary>
    public (DeciderEnd Kind, string Message)? Look(long id, TimeSpan limit, out TimeSpan since)
    {
        since = TimeSpan.Zero;
        try
        {
            process.Refresh();
            var cpu = process.TotalProcessorTime;
            if (id != _id)
            {
                (_id, _since, _cpu) = (id, time.GetTimestamp(), cpu);
                return null;
            }

            since = time.GetElapsedTime(_since);
            var used = cpu - _cpu;
            if (mark.Current != id)
                return null;
            if (used > limit + grace)
                return (DeciderEnd.OverTime, $"a decision ran longer than {limit.TotalMilliseconds:0} ms in a call that cannot be stopped");
            if (id < 0 && since > s_blockedLoad && used < since * IdleShareOfLoad)
                return (DeciderEnd.Blocked, "it waited for something that did not come");
            if (since > limit + s_blocked && used < since * IdleShare)
                return (DeciderEnd.Blocked, $"a decision waited for something for more than {limit.TotalMilliseconds:0} ms");
            if (since > (limit * CheckPoint.WallFactor) + s_blocked)
                return (DeciderEnd.OverTime, $"a decision took longer than {limit.TotalMilliseconds * CheckPoint.WallFactor:0} ms");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
