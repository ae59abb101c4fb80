using System.Diagnostics;
using System.Globalization;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Running;
using EventCalls.Media.Srtp;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Relaying;

/// <summary><c>relay</c>: what a packet of anchored media costs, how long it is held up and whether any is lost, beside rtpengine where that is installed, in turns of one run.</summary>
internal static class RelayRun
{
    private const string Usage = "relay [--calls 500] [--seconds 10] [--turns 2] [--srtp] [--transcode [--opus LIBRARY]]; relay --monitors CALLS [--seconds 10] [--turns 2] [--opus LIBRARY]; relay --copies CALLS [--seconds 10] [--turns 2]";

    public static Task<int> RunAsync(string[] args) => BenchmarkCommand.RunAsync(args, RelayOptions.Parse, Usage, RunAsync);

    private static async Task<int> RunAsync(RelayOptions options, string folder)
    {
        if (options.IsWatched)
            return await WatchedRun.RunAsync(options, folder);
        bool hasPeer = File.Exists("/usr/bin/rtpengine");
        if (!hasPeer)
            BenchmarkCommand.Line($"rtpengine is not installed (Debian's rtpengine-daemon), so nothing stands beside it.");
        for (int turn = 0; turn < options.Turns; turn++)
        {
            if (options.Transcode)
                await OursAsync(options, RelayChild.Opus, null);
            if (options.Opus is not null)
                await OursAsync(options, RelayChild.Opus, options.Opus);
            if (!options.Transcode)
                await OursAsync(options, null, null);
            if (options.Srtp)
                await OursAsync(options, "srtp", null);
            if (hasPeer)
                await TheirsAsync(options, folder);
        }
        return 0;
    }

    private static async Task OursAsync(RelayOptions options, string? with, string? opus)
    {
        bool isTranscoded = with == RelayChild.Opus;
        bool isProtected = with is not null && !isTranscoded;
        using var traffic = options.NewTraffic(isTranscoded);
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(RelayRun).Assembly.Location, RelayChild.Command, "30000-32767", .. opus is null ? Array.Empty<string>() : [opus]]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        for (int call = 0; call < options.Calls; call++)
        {
            var key = isProtected ? CryptoAttribute.Fresh(1, SrtpSuite.AesCm128Tag80) : null;
            await child.StandardInput.WriteLineAsync($"{traffic.PortOf(call, 0)} {traffic.PortOf(call, 1)} {key?.Write().Replace(' ', '\t') ?? (isTranscoded ? RelayChild.Opus : RelayChild.NoKey)}");
            string[] ports = (await child.StandardOutput.ReadLineAsync())!.Split(' ');
            traffic.Direct(call, 0, int.Parse(ports[0], CultureInfo.InvariantCulture));
            traffic.Direct(call, 1, int.Parse(ports[1], CultureInfo.InvariantCulture));
            if (key is not null && CryptoAttribute.TryParse(ports[2].Replace('\t', ' '), out var theirs, out _))
                traffic.Protect(call, 1, key.Key, theirs.Key);
        }
        Measure(with is null ? "eventcalls" : $"with {opus ?? with}", child.Id, traffic, options);
        child.StandardInput.Close();
        await child.WaitForExitAsync();
    }

    private static async Task TheirsAsync(RelayOptions options, string folder)
    {
        using var traffic = options.NewTraffic(options.Transcode);
        int control = FreePorts.Next();
        using var engine = Process.Start(new ProcessStartInfo("/usr/bin/rtpengine",
            ["--interface=127.0.0.1", $"--listen-ng=127.0.0.1:{control}", "--table=-1", "--port-min=30000", "--port-max=32767", "--foreground", "--log-stderr", "--log-level=3", "--config-file=none", $"--pidfile={folder}/rtpengine.pid"])
        { RedirectStandardError = true })!;
        _ = engine.StandardError.ReadToEndAsync();
        using var asked = new RtpengineControl(control);
        await asked.PingAsync();
        for (int call = 0; call < options.Calls; call++)
        {
            string toTarget = await asked.AskAsync("offer", $"call-{call}", RelayChild.Description($"{traffic.PortOf(call, 0)}"), options.Transcode);
            string toCaller = await asked.AskAsync("answer", $"call-{call}", options.Transcode ? RelayChild.InOpus($"{traffic.PortOf(call, 1)}") : RelayChild.Description($"{traffic.PortOf(call, 1)}"));
            traffic.Direct(call, 0, RelayChild.Port(toCaller));
            traffic.Direct(call, 1, RelayChild.Port(toTarget));
        }
        Measure("rtpengine", engine.Id, traffic, options);
        engine.Kill();
        await engine.WaitForExitAsync();
    }

    private static void Measure(string what, int process, RtpTraffic traffic, RelayOptions options)
    {
        traffic.Run(2);
        double before = ProcessMeter.CpuMilliseconds(process);
        var figures = traffic.Run(options.Seconds);
        double cpu = ProcessMeter.CpuMilliseconds(process) - before;
        string way = figures.P999 > 0 ? $"on their way {figures.Median:0.00} / {figures.P99:0.00} / {figures.P999:0.00} ms (50 / 99 / 99.9 %), " : "";
        BenchmarkCommand.Line($"{what,-11} {options.Calls} calls: {figures.Received} of {figures.Sent} packets, CPU {1000 * cpu / figures.Received:0.00} µs a packet ({cpu / options.Seconds / 10:0} % of a core), {way}{ProcessMeter.ResidentMiB(process)} MiB");
    }
}
