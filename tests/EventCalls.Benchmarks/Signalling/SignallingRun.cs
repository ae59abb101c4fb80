using System.Diagnostics;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Running;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Signalling;

/// <summary><c>signalling</c>: what the SIP of a call costs alone, in CPU of a process that does nothing else: answered, bridged, answered and referred; the caller and the target are SIPp.</summary>
internal static class SignallingRun
{
    private const string Usage = "signalling [--rate CALLS-A-SECOND] [--seconds S] [--warm-up S]";

    private static readonly (string What, string Calls, int Rate, double Asked)[] s_kinds = [("answer", "invite", 1000, 0.10), ("invite", "invite", 800, 0.25), ("refer", "refer", 800, 0.20)];

    public static Task<int> RunAsync(string[] args) => BenchmarkCommand.RunAsync(args, Options.Parse, Usage, RunAsync);

    private static async Task<int> RunAsync(Options options, string folder)
    {
        foreach (var (what, calls, rate, asked) in s_kinds)
        {
            int target = FreePorts.Next();
            await using var answering = what == "invite" ? SippLoad.Answering("target", target) : null;
            using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(SignallingRun).Assembly.Location, SignallingChild.Command, what, $"{target}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            string port = (await child.StandardOutput.ReadLineAsync())!;
            await CallAsync(calls, port, options.Rate ?? rate, options.WarmUp);
            double before = ProcessMeter.CpuMilliseconds(child.Id);
            var figures = await CallAsync(calls, port, options.Rate ?? rate, options.Seconds);
            double cpu = ProcessMeter.CpuMilliseconds(child.Id) - before;
            BenchmarkCommand.Line($"{what,-6} at {options.Rate ?? rate}/s: {figures.Successful} of {figures.Calls} calls, {cpu / Math.Max(1, figures.Calls):F3} CPU-ms a call (asked for {asked:F2}), INVITE to 200 p50 {figures.Percentile(50):F0} ms, p99 {figures.Percentile(99):F0} ms, {ProcessMeter.ResidentMiB(child.Id)} MiB, SIPp sent {figures.Retransmissions} messages again");
            child.StandardInput.Close();
            if (!child.WaitForExit(TimeSpan.FromSeconds(10)))
                child.Kill();
        }
        return 0;
    }

    private static async Task<SippFigures> CallAsync(string scenario, string port, int rate, int seconds)
    {
        await using var calling = SippLoad.Calling(scenario, FreePorts.Next(), $"127.0.0.1:{port}", rate, seconds);
        return await calling.WaitAsync();
    }

    private sealed record Options(int? Rate, int Seconds, int WarmUp)
    {
        public static Options Parse(IReadOnlyList<string> args)
        {
            var read = new ArgumentReader(args);
            var options = new Options(null, 15, 10);
            while (read.Next())
            {
                options = read.Name switch
                {
                    "--rate" => options with { Rate = read.Number(1) },
                    "--seconds" => options with { Seconds = read.Number(1) },
                    "--warm-up" => options with { WarmUp = read.Number(1) },
                    _ => throw read.Unknown(),
                };
            }
            return options;
        }
    }
}
