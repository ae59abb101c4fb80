using System.Runtime.InteropServices;

namespace EventCalls.Benchmarks.Outages;

/// <summary>Signals to processes that one of ours started.</summary>
internal static class Signals
{
    private const int Stop = 19;
    private const int GoOn = 18;

    /// <summary>SIGSTOP, and after a while SIGCONT.</summary>
    /// <exception cref="InvalidOperationException">The process did not stop.</exception>
    public static async Task FreezeAsync(int id, TimeSpan time)
    {
        _ = Kill(id, Stop);
        try
        {
            await Task.Delay(time);
            if (!(await File.ReadAllTextAsync($"/proc/{id}/status")).Contains("State:\tT", StringComparison.Ordinal))
                throw new InvalidOperationException($"Process {id} was not frozen.");
        }
        finally
        {
            _ = Kill(id, GoOn);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int id, int signal);
}
