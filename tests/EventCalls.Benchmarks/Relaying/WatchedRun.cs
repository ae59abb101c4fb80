using System.Diagnostics;
using System.Globalization;
using EventCalls.Benchmarks.Running;
using EventCalls.Media.Audio;

namespace EventCalls.Benchmarks.Relaying;

/// <summary>What calls cost that somebody hears besides, beside the same calls that nobody does: <c>relay --monitors</c>, and <c>relay --copies</c> for copies that an engine sends.</summary>
internal static class WatchedRun
{
    private const int WarmUp = 2;

    public static async Task<int> RunAsync(RelayOptions options, string folder)
    {
        for (int turn = 0; turn < options.Turns; turn++)
        {
            if (options.Monitors)
            {
                Watching[] ways = [Watching.Level, Watching.Listened, Watching.Whispered, Watching.Joined];
                await MeasureAsync(options, folder, "PCMA", WatchedChild.Anchored, AudioCodec.Pcma, ways);
                if (options.Transcode)
                    await MeasureAsync(options, folder, "Opus", WatchedChild.Anchored, AudioCodec.Opus, ways);
                if (options.Opus is { } library)
                    await MeasureAsync(options, folder, library, WatchedChild.Anchored, AudioCodec.Opus, ways, library);
            }
            if (options.Copies)
            {
                Watching[] ways = [Watching.Level, Watching.Recorded, Watching.Listened];
                await MeasureAsync(options, folder, "anchored", WatchedChild.Anchored, AudioCodec.Pcma, ways);
                await MeasureAsync(options, folder, "copied", WatchedChild.Copied, AudioCodec.Pcma, ways);
            }
        }
        return 0;
    }

    private static async Task MeasureAsync(RelayOptions options, string folder, string what, string kind, AudioCodec codec, Watching[] ways, string? library = null)
    {
        using var traffic = new RtpTraffic(options.Calls, codec, codec, AudioCodec.Pcma);
        string[] arguments = [typeof(WatchedRun).Assembly.Location, WatchedChild.Command, "28000-32767", folder, kind, codec == AudioCodec.Opus ? RelayChild.Opus : RelayChild.NoKey];
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, library is null ? arguments : [.. arguments, library]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        for (int call = 0; call < options.Calls; call++)
        {
            string[] ports = await AskAsync(child, $"{traffic.PortOf(call, 0)} {traffic.PortOf(call, 1)} {traffic.PortOf(call, 2)}");
            for (int side = 0; side < ports.Length; side++)
                traffic.Direct(call, side, int.Parse(ports[side], CultureInfo.InvariantCulture));
        }
        double plain = await MeasureAsync(options, traffic, child, kind, what, Watching.Plain, 0);
        foreach (var way in ways)
            await MeasureAsync(options, traffic, child, kind, what, way, plain);
        child.StandardInput.Close();
        await child.WaitForExitAsync();
    }

    /// <summary>Measures one way; µs of a processor for a second of one call.</summary>
    private static async Task<double> MeasureAsync(RelayOptions options, RtpTraffic traffic, Process child, string kind, string what, Watching way, double plain)
    {
        await AskAsync(child, $"{way}");
        // Who listens sends, too, as any telephone does.
        traffic.Silence(2, way is Watching.Plain or Watching.Level or Watching.Recorded);
        bool isAnswered = kind == WatchedChild.Anchored;
        traffic.Run(WarmUp, isAnswered);
        string[] before = await AskAsync(child, ".");
        var figures = traffic.Run(options.Seconds, isAnswered);
        string[] after = await AskAsync(child, ".");
        double cost = (double)Between(before[0], after[0]) / options.Calls / options.Seconds;
        string more = way == Watching.Plain ? "" : string.Create(CultureInfo.InvariantCulture, $", {cost - plain:0} µs more than plain ({cost / plain:0.00} ×, {(cost - plain) * options.Calls / 10_000:0.0} % of a core)");
        BenchmarkCommand.Line($"{what,-12} {way,-9} {options.Calls} calls: {figures.Sent} packets in, {figures.Received} out; CPU {cost:0} µs a call-second ({cost * options.Calls / 10_000:0.0} % of a core){more}; {(double)Between(before[1], after[1]) / figures.Sent:0.0} bytes allocated a packet");
        return cost;
    }

    private static long Between(string before, string after) => long.Parse(after, CultureInfo.InvariantCulture) - long.Parse(before, CultureInfo.InvariantCulture);

    private static async Task<string[]> AskAsync(Process child, string line)
    {
        await child.StandardInput.WriteLineAsync(line);
        return (await child.StandardOutput.ReadLineAsync())!.Split(' ');
    }
}
