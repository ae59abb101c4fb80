using System.Globalization;
using EventCalls.Testing;
using static EventCalls.Testing.SippProcess;

namespace EventCalls.Benchmarks.Load;

/// <summary>SIPp under load: no message log, its counters and its response times.</summary>
internal sealed class SippLoad : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ChildProcess _process;

    private SippLoad(string folder, ChildProcess process) => (_folder, _process) = (folder, process);

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Waits to be called.</summary>
    public static SippLoad Answering(string scenario, int port) =>
        Start(scenario, port, ["-l", "100000"]);

    /// <summary>Calls.</summary>
    public static SippLoad Calling(string scenario, int port, string remote, int rate, int seconds) =>
        Start(scenario, port,
        [
            remote, "-s", scenario, "-r", Number(rate), "-m", Number(rate * seconds), "-l", "100000",
            "-recv_timeout", "30000", "-timeout", Number(seconds + 90), "-timeout_error",
            .. CountingArguments, "-trace_rtt", "-rtt_freq", "20",
        ]);

    /// <summary>Waits for its end.</summary>
    public async Task<SippFigures> WaitAsync()
    {
        await _process.Exited;
        return ReadFigures();
    }

    /// <summary>Asks it to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static SippLoad Start(string scenario, int port, IReadOnlyList<string> more)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-load-sipp-").FullName;
        // SIPp writes response times beside the scenario.
        var file = Path.Combine(folder, $"{scenario}.xml");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Load", "Scenarios", $"{scenario}.xml"), file);
        return new SippLoad(folder, SippProcess.Start(file, port, folder, ["-buff_size", "4194304", .. more]));
    }

    private SippFigures ReadFigures()
    {
        var statistics = Statistics(_folder);
        var times = Directory.EnumerateFiles(_folder, "*_rtt.csv").SelectMany(File.ReadLines).Skip(1)
            .Select(l => l.Split(';'))
            .Where(c => c.Length >= 2)
            .Select(c => double.TryParse(c[1], CultureInfo.InvariantCulture, out double ms) ? ms : double.NaN)
            .Where(ms => !double.IsNaN(ms))
            .Order()
            .ToArray();
        return new SippFigures(statistics.Count("SuccessfulCall"), statistics.Count("FailedCall"), statistics.Count("Retransmissions"), times);
    }
}
