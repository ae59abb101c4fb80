using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EventCalls.Routing.Limits;

/// <summary>The CPU time this thread has used: a limit in it is the same on a busy machine and on an idle one.</summary>
internal static partial class ThreadCpu
{
    // CLOCK_THREAD_CPUTIME_ID of clock_gettime(2).
    private const int LinuxClock = 3;
    private const int MacClock = 16;

    private static readonly int s_clock = OperatingSystem.IsLinux() ? LinuxClock : OperatingSystem.IsMacOS() ? MacClock : -1;

    /// <summary>In units of <see cref="Stopwatch.Frequency"/>; null where the system does not tell, so that time on the wall has to do.</summary>
    public static long? Timestamp()
    {
        if (s_clock < 0 || ClockGetTime(s_clock, out var time) != 0)
            return null;
        return (long)((time.Seconds + (time.Nanoseconds / 1e9)) * Stopwatch.Frequency);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
