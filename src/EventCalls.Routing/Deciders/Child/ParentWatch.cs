using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EventCalls.Routing.Deciders.Child;

/// <summary>Ends the decider when its parent is gone, even in the middle of a decision that never ends.</summary>
internal static partial class ParentWatch
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);

    /// <param name="parent">The parent's process id.</param>
    public static void Start(int parent)
    {
        var thread = new Thread(() => Watch(parent), 128 * 1024) { IsBackground = true, Name = "parent watch" };
        thread.Start();
    }

    private static void Watch(int parent)
    {
        if (OperatingSystem.IsWindows())
        {
            WaitOnWindows(parent);
        }
        else
        {
            using var never = new ManualResetEventSlim();
            while (GetParent() == parent)
                never.Wait(s_period);
        }

        // Not Environment.Exit, which waits for what the logic may be doing.
        Process.GetCurrentProcess().Kill();
    }

    private static void WaitOnWindows(int parent)
    {
        try
        {
            using var process = Process.GetProcessById(parent);
            process.WaitForExit();
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();
}
