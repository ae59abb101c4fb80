using System.Runtime.InteropServices;

namespace EventCalls.Benchmarks.Outages;

/// <summary>Signals to processes that one of ours started.</summary>
internal static class Signals
{
    /// <summary>Sends a signal by number.</summary>
    public static void Send(int id, int signal) => _ = Kill(id, signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int id, int signal);
}
