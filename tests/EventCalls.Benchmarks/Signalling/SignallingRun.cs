using System.Diagnostics;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Running;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Signalling;

/// <summary><c>signalling</c>: what the SIP of a call costs alone, in CPU of a process that does nothing else: answered, bridged, answered and referred; the caller and the target are SIPp.</summary>
internal static class SignallingRun
{
    public const string All = "all";
    public const string None = "none";

    private const string Turns = "turns";
    private const string Usage = "signalling [--rate CALLS-A-SECOND] [--seconds S] [--warm-up S] [--extensions all|none|turns] [--turns N]";

    private static readonly (string What, string Calls, int Rate, double Asked)[] s_kinds = [("answer", "invite", 1000, 0.10), ("invite", "invite", 800, 0.25), ("refer", "refer", 800, 0.20)];

    public static Task<int> RunAsync(string[] args) => BenchmarkCommand.RunAsync(args, Options.Parse, Usage, RunAsync);

    private static async Task<int> RunAsync(Options options, string folder)
    {
        foreach (var (what, calls, rate, asked) in s_kinds)
        {
            int target = FreePorts.Next();
            await using var answering = what == "invite" ? SippLoad.Answering("target", target) : null;
            if (options.Extensions != Turns)
            {
                await using var node = await Node.StartAsync(what, calls, target, options.Extensions);
                await node.CallAsync(options.Rate ?? rate, options.WarmUp);
                await node.MeasureAsync(options.Rate ?? rate, options.Seconds, asked);
            }
            else if (what != "answer")
            {
                // Who only answers has none of the extensions that calls have.
                await CompareAsync(what, calls, options.Rate ?? rate, asked, target, options);
            }
        }
        return 0;
    }

    /// <summary>Two processes, one with the extensions and one without, called in turns: whatever else changes on the machine meets both.</summary>
    private static async Task CompareAsync(string what, string calls, int rate, double asked, int target, Options options)
    {
        await using var full = await Node.StartAsync(what, calls, target, All);
        await using var bare = await Node.StartAsync(what, calls, target, None);
        await full.CallAsync(rate, options.WarmUp);
        await bare.CallAsync(rate, options.WarmUp);
        for (int turn = 0; turn < options.Rounds; turn++)
        {
            // Who came second comes first the next time.
            foreach (var node in turn % 2 == 0 ? new[] { full, bare } : [bare, full])
                await node.MeasureAsync(rate, options.Seconds, asked);
        }
        BenchmarkCommand.Line($"{what,-6} over {options.Rounds} turns: with the extensions {full.Costs.Average():F4} CPU-ms a call ({full.Costs.Min():F4} to {full.Costs.Max():F4}), without {bare.Costs.Average():F4} ({bare.Costs.Min():F4} to {bare.Costs.Max():F4}): {(full.Costs.Average() / bare.Costs.Average() - 1) * 100:+0.0;-0.0} %");
    }

    /// <summary>A process under measurement.</summary>
    private sealed class Node(Process process, string port, string what, string calls, string extensions) : IAsyncDisposable
    {
        /// <summary>What a call has cost, turn by turn, in milliseconds of processor time.</summary>
        public List<double> Costs { get; } = [];

        public static async Task<Node> StartAsync(string what, string calls, int target, string extensions)
        {
            var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(SignallingRun).Assembly.Location, SignallingChild.Command, what, $"{target}", extensions]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            return new Node(process, (await process.StandardOutput.ReadLineAsync())!, what, calls, extensions);
        }

        public async Task<SippFigures> CallAsync(int rate, int seconds)
        {
            await using var calling = SippLoad.Calling(calls, FreePorts.Next(), $"127.0.0.1:{port}", rate, seconds);
            return await calling.WaitAsync();
        }

        public async Task MeasureAsync(int rate, int seconds, double asked)
        {
            double before = ProcessMeter.CpuMilliseconds(process.Id);
            var figures = await CallAsync(rate, seconds);
            double cost = (ProcessMeter.CpuMilliseconds(process.Id) - before) / Math.Max(1, figures.Calls);
            Costs.Add(cost);
            BenchmarkCommand.Line($"{what,-6} at {rate}/s, extensions {extensions}: {figures.Successful} of {figures.Calls} calls, {cost:F3} CPU-ms a call (asked for {asked:F2}), INVITE to 200 p50 {figures.Percentile(50):F0} ms, p99 {figures.Percentile(99):F0} ms, {ProcessMeter.ResidentMiB(process.Id)} MiB, SIPp sent {figures.Retransmissions} messages again");
        }

        public ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
                process.Kill();
            process.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed record Options(int? Rate, int Seconds, int WarmUp, string Extensions, int Rounds)
    {
        public static Options Parse(IReadOnlyList<string> args)
        {
            var read = new ArgumentReader(args);
            var options = new Options(null, 15, 10, All, 4);
            while (read.Next())
            {
                options = read.Name switch
                {
                    "--rate" => options with { Rate = read.Number(1) },
                    "--seconds" => options with { Seconds = read.Number(1) },
                    "--warm-up" => options with { WarmUp = read.Number(1) },
                    "--extensions" => options with { Extensions = read.OneOf(All, None, Turns) },
                    "--turns" => options with { Rounds = read.Number(1) },
                    _ => throw read.Unknown(),
                };
            }
            return options;
        }
    }
}
