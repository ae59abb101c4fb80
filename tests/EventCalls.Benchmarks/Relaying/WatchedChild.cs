using EventCalls.Media.Audio;
using EventCalls.Media.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Benchmarks.Relaying;

/// <summary>
/// <c>watched-child</c>: a process that is nothing but our relay and recorder. It reads a call a line, the ports of its parties, and says which of its own stand for them; or how all calls
/// are watched from now on. A dot, and that, is answered with the processor's time so far, µs, and the bytes allocated.
/// </summary>
internal static class WatchedChild
{
    public const string Command = "watched-child";
    public const string Copied = "copied";
    public const string Anchored = "anchored";

    // As often as a page that shows it asks.
    private const int LookEveryMs = 500;

    public static async Task<int> RunAsync(string[] args)
    {
        if (!MediaPorts.TryParse(args[0], out var ports))
            return 2;
        if (!OpusLibrary.TryUse(args.Length > 4 ? args[4] : null, out string? whyNot))
            throw new InvalidOperationException(whyNot);
        using var relay = new MediaRelay(0, ports, 0, TimeProvider.System, NullLogger.Instance);
        using var recorder = new MediaRecorder(args[1], "{call}", isOpus: false, null, TimeProvider.System);
        var calls = new List<WatchedCall>();
        using var turn = new SemaphoreSlim(1);
        using var looks = new Timer(_ => Look(calls, turn), null, LookEveryMs, LookEveryMs);
        for (int times = 0; await System.Console.In.ReadLineAsync() is { Length: > 0 } line; times++)
        {
            await turn.WaitAsync();
            if (line.Split(' ') is { Length: > 1 } parties)
            {
                calls.Add(new WatchedCall(relay, parties, args[2] == Copied, args[3] == RelayChild.Opus));
                await System.Console.Out.WriteLineAsync(calls[^1].Ports);
            }
            else
            {
                for (int i = 0; Enum.TryParse<Watching>(line, out var way) && i < calls.Count; i++)
                    await calls[i].WatchAsync(way, recorder, $"{i}-{times}");
                await System.Console.Out.WriteLineAsync($"{(long)Environment.CpuUsage.TotalTime.TotalMicroseconds} {GC.GetTotalAllocatedBytes(precise: true)}");
            }
            turn.Release();
        }
        return 0;
    }

    private static void Look(List<WatchedCall> calls, SemaphoreSlim turn)
    {
        if (!turn.Wait(0))
            return;
        foreach (var call in calls)
            call.Look();
        turn.Release();
    }
}
