using System.Globalization;

namespace EventCalls.Testing;

/// <summary>How SIPp is started everywhere: on 127.0.0.1, on ports of its own, without its screen.</summary>
public static class SippProcess
{
    private const string StatisticsFile = "statistics";

    /// <summary>Makes SIPp write its counters every second, for <see cref="Statistics"/>.</summary>
    public static IReadOnlyList<string> CountingArguments { get; } = ["-trace_stat", "-stf", StatisticsFile, "-fd", "1"];

    /// <summary>Starts it.</summary>
    /// <param name="scenario">The scenario file.</param>
    /// <param name="port">Its SIP port.</param>
    /// <param name="folder">Where it runs, and writes what it is told to write.</param>
    /// <param name="more">What it is to do: whom it calls, how often, what it writes.</param>
    /// <param name="transport"><c>u1</c>, <c>t1</c> or <c>tn</c>.</param>
    /// <param name="address">Its address, an IPv6 one in brackets.</param>
    public static ChildProcess Start(string scenario, int port, string folder, IEnumerable<string> more, string transport = "u1", string address = "127.0.0.1") => ChildProcess.Start(
        "sipp",
        [
            "-sf", Path.GetFullPath(scenario), "-i", address, "-p", Number(port), "-t", transport,
            "-mi", address, "-mp", Number(FreePorts.Range(4)), "-ci", "127.0.0.1", "-cp", Number(FreePorts.Next()), "-nostdin", .. more,
        ],
        // Its screen is drawn into a pipe nobody looks at; it still wants to know a terminal.
        new Dictionary<string, string?> { ["TERM"] = "xterm" },
        folder);

    /// <summary>The last counters that it wrote into its folder, by SIPp's names for them without their <c>(C)</c>; empty when it has written none.</summary>
    public static IReadOnlyDictionary<string, string> Statistics(string folder)
    {
        var file = Path.Combine(folder, StatisticsFile);
        var lines = File.Exists(file) ? File.ReadAllText(file).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        return lines.Length < 2
            ? new Dictionary<string, string>()
            : lines[0].Split(';').Zip(lines[^1].Split(';'))
                .Where(column => column.First.EndsWith("(C)", StringComparison.Ordinal))
                .ToDictionary(column => column.First[..^3], column => column.Second);
    }

    /// <summary>One of the counters; 0 when it is not there.</summary>
    public static int Count(this IReadOnlyDictionary<string, string> statistics, string name) =>
        statistics.TryGetValue(name, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out int count) ? count : 0;

    /// <summary>A number as SIPp reads it.</summary>
    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
