using System.Diagnostics;
using System.Globalization;
using EventCalls.Benchmarks.Running;
using EventCalls.Media.Audio;

namespace EventCalls.Benchmarks.Relaying;

/// <summary>What calls cost that somebody hears besides, beside the same calls that nobody does: <c>relay --monitors</c>, and <c>relay --copies</c> for copies that an engine sends.</summary>
internal static class WatchedRun
{
    // Until what every packet goes through is compiled for good.
    private const int WarmUp = 5;
    private const int Slice = 2;
    private const int Monitor = 2;

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
        string[] arguments = [typeof(WatchedRun).Assembly.Location, WatchedChild.Command, "26000-32767", folder, kind, codec == AudioCodec.Opus ? RelayChild.Opus : RelayChild.NoKey];
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, library is null ? arguments : [.. arguments, library]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        for (int call = 0; call < options.Calls; call++)
        {
            string[] ports = await AskAsync(child, $"{traffic.PortOf(call, 0)} {traffic.PortOf(call, 1)} {traffic.PortOf(call, 2)}");
            for (int side = 0; side < ports.Length; side++)
                traffic.Direct(call, side, int.Parse(ports[side], CultureInfo.InvariantCulture));
        }
        traffic.Silence(Monitor, true);
        bool isAnswered = kind == WatchedChild.Anchored;
        traffic.Run(WarmUp, isAnswered);
        // All ways in turns: a machine that is busy now and then is so for all of them.
        var costs = ways.Prepend(Watching.Plain).Select(static way => new WatchedCost(way)).ToArray();
        for (int seconds = 0; seconds < options.Seconds; seconds += Slice)
        {
            foreach (var cost in costs)
            {
                await AskAsync(child, $"{cost.Way}");
                // Who listens sends, too, as any telephone does.
                traffic.Silence(Monitor, cost.Way is Watching.Plain or Watching.Level or Watching.Recorded);
                traffic.Run(1, isAnswered);
                string[] before = await AskAsync(child, ".");
                var figures = traffic.Run(Slice, isAnswered);
                cost.Add(figures, before, await AskAsync(child, "."), options.Calls * Slice);
            }
        }
        foreach (var cost in costs)
            BenchmarkCommand.Line($"{what,-12} {cost.Way,-9} {options.Calls} calls: {cost.Describe(costs[0], options.Calls)}");
        child.StandardInput.Close();
        await child.WaitForExitAsync();
    }

    private static async Task<string[]> AskAsync(Process child, string line)
    {
        await child.StandardInput.WriteLineAsync(line);
        return (await child.StandardOutput.ReadLineAsync())!.Split(' ');
    }
}
