using System.Globalization;
using EventCalls.Testing;

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
        Start(scenario, port, ["-nostdin", "-l", "100000"]);

    /// <summary>Calls.</summary>
    public static SippLoad Calling(string scenario, int port, string remote, int rate, int seconds) =>
        Start(scenario, port,
        [
            remote, "-s", scenario, "-r", Number(rate), "-m", Number(rate * seconds), "-l", "100000", "-nostdin",
            "-recv_timeout", "30000", "-timeout", Number(seconds + 90), "-timeout_error",
            "-trace_stat", "-stf", "statistics", "-fd", "1", "-trace_rtt", "-rtt_freq", "20",
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
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Load", "Scenarios", $"{scenario}.xml"), Path.Combine(folder, $"{scenario}.xml"));
        var process = ChildProcess.Start(
            "sipp",
            ["-sf", $"{scenario}.xml", "-i", "127.0.0.1", "-p", Number(port), "-t", "u1", "-mi", "127.0.0.1", "-mp", Number(FreePorts.Range(4)), "-cp", Number(FreePorts.Next()), "-buff_size", "4194304", .. more],
            new Dictionary<string, string?> { ["TERM"] = "xterm" },
            folder);
        return new SippLoad(folder, process);
    }

    private SippFigures ReadFigures()
    {
        var lines = File.ReadAllLines(Path.Combine(_folder, "statistics"));
        var last = lines[0].Split(';').Zip(lines[^1].Split(';')).Where(c => c.First.Length > 0).GroupBy(c => c.First).ToDictionary(g => g.Key, g => g.First().Second);
        int Count(string name) => int.Parse(last[name], CultureInfo.InvariantCulture);
        var times = Directory.EnumerateFiles(_folder, "*_rtt.csv").SelectMany(File.ReadLines).Skip(1)
            .Select(l => l.Split(';'))
            .Where(c => c.Length >= 2)
            .Select(c => double.TryParse(c[1], CultureInfo.InvariantCulture, out double ms) ? ms : double.NaN)
            .Where(ms => !double.IsNaN(ms))
            .Order()
            .ToArray();
        return new SippFigures(Count("SuccessfulCall(C)"), Count("FailedCall(C)"), Count("Retransmissions(C)"), times);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
