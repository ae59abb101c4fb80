using EventCalls.Testing;
using static EventCalls.Testing.SippProcess;

namespace EventCalls.Benchmarks.Soak;

/// <summary>The SIPp processes of a soak, callers and targets.</summary>
internal sealed class SoakCallers : IAsyncDisposable
{
    private readonly string _folder;
    private readonly List<ChildProcess> _targets = [];
    private readonly List<(SoakCaller Caller, ChildProcess Process, string Folder)> _callers = [];

    public SoakCallers(string folder) => _folder = folder;

    /// <summary>Lets a target wait for calls.</summary>
    public void Answer(string scenario, int port) =>
        _targets.Add(Start(scenario, port, ["-d", "20"], Path.Combine(_folder, $"target-{port}")));

    /// <summary>Lets a caller call.</summary>
    public void Call(SoakCaller caller, string remote, int rate, TimeSpan duration)
    {
        // Shares of a call a second: SIPp takes whole numbers, so the rate is told for a hundred seconds.
        int perHundredSeconds = Math.Max(1, rate * caller.Share);
        int calls = Math.Max(1, (int)(perHundredSeconds * duration.TotalSeconds / 100));
        var folder = Path.Combine(_folder, $"caller-{_callers.Count}");
        string[] losing = caller.Loses ? ["-nr"] : [];
        _callers.Add((caller, Start(caller.Scenario, FreePorts.Next(),
        [
            remote, "-s", caller.Dial, "-key", "caller", "+15551234567", "-r", Number(perHundredSeconds), "-rp", "100000", "-m", Number(calls),
            "-d", Number(caller.PauseMs), "-recv_timeout", "60000", "-timeout", Number((int)duration.TotalSeconds + 150),
            .. CountingArguments, .. losing,
        ], folder), folder));
    }

    /// <summary>Waits until every caller has ended, and says what SIPp counted.</summary>
    public async Task<IReadOnlyList<(SoakCaller Caller, int Made, int Failed)>> WaitAsync()
    {
        var counted = new List<(SoakCaller, int, int)>();
        foreach (var (caller, process, folder) in _callers)
        {
            await process.Exited;
            var statistics = Statistics(folder);
            counted.Add((caller, statistics.Count("OutgoingCall"), statistics.Count("FailedCall")));
        }
        return counted;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _callers.Select(c => c.Process).Concat(_targets))
            await process.DisposeAsync();
    }

    private static ChildProcess Start(string scenario, int port, IReadOnlyList<string> more, string folder)
    {
        Directory.CreateDirectory(folder);
        return SippProcess.Start(Path.Combine(AppContext.BaseDirectory, "Soak", "Scenarios", scenario + ".xml"), port, folder, ["-l", "100000", "-buff_size", "4194304", .. more]);
    }
}
