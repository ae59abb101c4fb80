using System.Diagnostics;
using System.Globalization;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Histories;
using EventCalls.Replay.Resuming;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Benchmarks.Replay;

/// <summary>A replay out of a history file beside one out of SQLite, of one version and of two: <c>-- replay --store history [--calls N]</c>. All in one run and in turns, with the processor time of all processes.</summary>
internal static class HistoryBenchmark
{
    private const int Rounds = 3;

    private static readonly DeciderProcessOptions s_deciders = new() { Command = DeciderCommand.OfAssembly(typeof(HistoryBenchmark).Assembly.Location) };

    public static async Task<int> RunAsync(CompiledLogic logic, int count, int threads)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-history-");
        try
        {
            await using var store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(folder.FullName, "calls.db") });
            await store.MigrateAsync(CancellationToken.None);
            var calls = new ReplayCalls(logic);
            for (int done = 0; done < count; done += 200)
                await store.AppendAsync([.. Enumerable.Range(0, Math.Min(200, count - done)).SelectMany(_ => calls.Next()).Select(EventToAppend.Of)], CancellationToken.None);
            string path = Path.Combine(folder.FullName, "calls.history");
            long began = Stopwatch.GetTimestamp();
            await HistoryExport.ToFileAsync(store, new CallQuery(), path, null, DateTimeOffset.UnixEpoch, CancellationToken.None);
            Print($"{count:#,0} calls written in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, {new FileInfo(path).Length / (double)count:0} bytes a call");
            var history = HistoryFile.Open(path);
            (double Rate, double Cpu)[] read = new (double, double)[Rounds], database = new (double, double)[Rounds], file = new (double, double)[Rounds], both = new (double, double)[Rounds];
            for (int i = 0; i < Rounds; i++)
            {
                read[i] = await ReadAsync(history, count);
                database[i] = await ReplayAsync(store, logic, null, threads);
                file[i] = await ReplayAsync(history, logic, null, threads);
                both[i] = await ReplayAsync(history, logic, logic, threads);
            }
            Say("the file read", read);
            Say("replayed from SQLite, in deciders, with the report", database);
            Say("replayed from the file, the same", file);
            Say("the same against a baseline that decides every call as well", both);
            Print(string.Create(CultureInfo.InvariantCulture, $"two-sided {Median(both) / Median(file):0.00} times the processor time of one-sided; the file {Median(file) / Median(database):0.00} times that of SQLite"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double Rate, double Cpu)> ReadAsync(HistoryFile history, int count)
    {
        double cpu = Own();
        long began = Stopwatch.GetTimestamp();
        int read = await history.ReadCallsAsync(new CallQuery(), CancellationToken.None).CountAsync();
        return read == count ? (count / Stopwatch.GetElapsedTime(began).TotalSeconds, (Own() - cpu) / count * 1e6) : throw new InvalidOperationException($"{read} of {count} calls were read.");
    }

    private static async Task<(double Rate, double Cpu)> ReplayAsync(IPastCalls calls, CompiledLogic logic, CompiledLogic? baseline, int threads)
    {
        using var replayer = new Replayer(logic, new ReplayOptions { Threads = threads, Deciders = s_deciders, Baseline = baseline }, TimeProvider.System);
        using var state = new ReplayProgressState([]);
        var chosen = await ChosenCalls.FindAsync(calls, new CallChoice(), CancellationToken.None);
        double cpu = Own();
        long began = Stopwatch.GetTimestamp();
        await foreach (var call in replayer.RunAsync(chosen.ReadAsync(null, CancellationToken.None), CancellationToken.None))
            state.Add(call);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double others = replayer.Deciders.Sum(id =>
        {
            using var process = Process.GetProcessById(id);
            return process.TotalProcessorTime.TotalSeconds;
        });
        if (state.Totals.Same != state.Totals.Calls)
            throw new InvalidOperationException("A call did not come out the same.");
        return (state.Totals.Calls / seconds, (Own() - cpu + others) / state.Totals.Calls * 1e6);
    }

    private static void Say(string what, (double Rate, double Cpu)[] rounds) =>
        Print(string.Create(CultureInfo.InvariantCulture, $"{what}: {Median(rounds):0.0} µs CPU of all processes a call ({1e6 / Median(rounds):#,0} calls/s a core), {rounds.Select(r => r.Rate).Order().ElementAt(rounds.Length / 2):#,0} calls/s here"));

    private static double Median((double Rate, double Cpu)[] rounds) => rounds.Select(r => r.Cpu).Order().ElementAt(rounds.Length / 2);

    private static double Own()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static void Print(string text) => System.Console.WriteLine(text);
}
