using System.Diagnostics;
using System.Globalization;
using EventCalls.Benchmarks.Load;
using EventCalls.Contracts;
using EventCalls.Host.Composition;
using EventCalls.Replay;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Deciding;
using EventCalls.Replay.Past;
using EventCalls.Replay.Resuming;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciders.Blocks;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Replay;

/// <summary>How many calls a second are decided again: <c>-- replay --store memory|postgres|sqlite|history [--calls N] [--threads N] [--only deciding|deciders|engine]</c>.</summary>
/// <remarks>Every call is decided twice and its report counted, as <c>eventcalls replay</c> does. PostgreSQL is a server of its own on the same machine.</remarks>
public static class ReplayBenchmark
{
    private const int InMemory = 20_000;

    /// <summary>Runs it and prints the figures; the exit code is 0, 1 when a verdict was not the expected one, or 2 for arguments it does not know.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var given = new Dictionary<string, string>();
        for (int i = 0; i + 1 < args.Length; i += 2)
            given[args[i]] = args[i + 1];
        string store = given.GetValueOrDefault("--store", "memory");
        if (args.Length % 2 != 0 || given.Keys.Except(["--store", "--calls", "--threads", "--only"]).Any() || store is not ("memory" or "postgres" or "sqlite" or "history")
            || (given.TryGetValue("--only", out string? only) && only is not ("deciding" or "deciders" or "engine")))
        {
            await System.Console.Error.WriteLineAsync("replay --store memory|postgres|sqlite|history [--calls N] [--threads N] [--only deciding|deciders|engine]");
            return 2;
        }
        int calls = int.Parse(given.GetValueOrDefault("--calls", "100000"), CultureInfo.InvariantCulture);
        int threads = int.Parse(given.GetValueOrDefault("--threads", "0"), CultureInfo.InvariantCulture);
        using var logic = LogicCompiler.Compile([new LogicSource("support.cs", ReplayCalls.Sample)]).Logic!;
        Print($"load of the machine: {File.ReadAllText("/proc/loadavg").Trim()}, {Environment.ProcessorCount} cores");
        if (store == "history")
            return await HistoryBenchmark.RunAsync(logic, calls, threads > 0 ? threads : Environment.ProcessorCount);
        return store == "memory"
            ? await MemoryAsync(logic, calls, Math.Max(1, threads), given.GetValueOrDefault("--only"))
            : await StoreAsync(logic, store, calls, threads > 0 ? threads : Environment.ProcessorCount, given.GetValueOrDefault("--only"));
    }

    private static async Task<int> MemoryAsync(CompiledLogic logic, int count, int threads, string? only)
    {
        var source = new ReplayCalls(logic);
        var few = Enumerable.Range(0, Math.Min(count, InMemory)).Select(_ => ReplayCalls.History(source.Next())).ToList();
        // Of ten million calls it is the memory that is looked at.
        if (only == "engine")
            return await MeasureAsync("from memory, in deciders, with the report", logic, Again(few, count), threads, isReported: true, inDeciders: true) == 0 ? 0 : 1;
        if (only != "deciders")
            Decide(logic, few, count);
        await DecideInBothAsync(logic, few, count, only == "deciders");
        if (only is not null)
            return 0;
        int wrong = 0;
        foreach (bool inDeciders in (bool[])[false, true, false, true])
        {
            string where = inDeciders ? "in deciders" : "in this process";
            wrong += await MeasureAsync($"from memory, JSON read and decided twice {where}, {threads} thread(s)", logic, Again(few, count), threads, isReported: false, inDeciders);
            wrong += await MeasureAsync($"the same with the report", logic, Again(few, count), threads, isReported: true, inDeciders);
        }
        Start(logic, few);
        return wrong == 0 ? 0 : 1;
    }

    // One thread, the calls read already: what deciding again itself costs.
    private static void Decide(CompiledLogic logic, List<CallHistory> few, int count)
    {
        using var deciding = new InProcess(logic, LogicCompiler.Compile(logic.Sources).Logic!, new ReplayOptions { Threads = 1 }, TimeProvider.System);
        var past = few.ConvertAll(PastCallReader.Read);
        var options = new DecideOptions { Lookups = CallLookups.Nothing };
        // The first round is for the compiler; of the second the median part counts, which a neighbour on the machine does not move.
        for (int round = 0; round < 2; round++)
        {
            double one = MedianOfParts(count, i => Decider.Decide(logic, DecisionRequest.For(past[i % past.Count].Started), options));
            double twice = MedianOfParts(count, i =>
            {
                var replay = new CallReplay(past[i % past.Count], logic.Version);
                deciding.Decide(replay);
                if (deciding.Check(replay, looksCloser: i % InProcess.LookCloserEvery == 0).Verdict != Verdict.Same)
                    throw new InvalidOperationException("A call did not come out the same.");
            });
            var block = new DecisionBlock();
            var digest = new DecisionDigest();
            double written = MedianOfParts(count, i =>
            {
                if (i % 256 == 0)
                    block.Clear();
                block.Add(DecisionRequest.For(past[i % past.Count].Started), []);
            });
            double digested = MedianOfParts(count, i =>
            {
                var was = past[i % past.Count].Decisions[0].ToDecided();
                digest.OfOutcome(was.Flow, was.State, was.Steps, was.Reason);
            });
            double read = MedianOfParts(count, i => PastCallReader.Read(few[i % few.Count]));
            if (round == 0)
                continue;
            foreach (var (what, microseconds) in new[] { ("one decision", one), ("decided twice, compared, with its verdict", twice), ("its request written for deciders", written), ("the digest of what is expected", digested), ("the five events' JSON read", read) })
                Print(string.Create(CultureInfo.InvariantCulture, $"{what}: {microseconds:0.00} µs, {1e6 / microseconds:#,0} calls/s on one core"));
        }
    }

    // The calls read already: what deciding itself costs, in CPU of all processes, here and in deciders by turns.
    private static async Task DecideInBothAsync(CompiledLogic logic, List<CallHistory> few, int count, bool onlyDeciders)
    {
        var past = few.ConvertAll(PastCallReader.Read);
        var options = new ReplayOptions { Threads = 1 };
        using var here = new InProcess(logic, LogicCompiler.Compile(logic.Sources).Logic!, options, TimeProvider.System);
        var process = new BlockDeciderOptions { Process = DeciderOptions, Decide = new DecideOptions() };
        using var first = new BlockDecider(process, logic, TimeProvider.System);
        using var second = new BlockDecider(process with { Process = OtherMachine.Of(process.Process), IsSecond = true }, logic, TimeProvider.System);
        var block = new DecidingBlock(asksLive: false);
        for (int round = 0; round < 5; round++)
        {
            double cpu = OwnCpu();
            for (int i = 0; i < (onlyDeciders ? 0 : count); i++)
            {
                var replay = new CallReplay(past[i % past.Count], logic.Version);
                here.Decide(replay);
                if (here.Check(replay, looksCloser: i % InProcess.LookCloserEvery == 0).Verdict != Verdict.Same)
                    throw new InvalidOperationException("A call did not come out the same.");
            }
            double? inProcess = onlyDeciders ? null : (OwnCpu() - cpu) / count * 1e6;
            await block.DecideAsync([new CallReplay(past[0], logic.Version)], first, second);
            int[] processes = [first.ProcessId!.Value, second.ProcessId!.Value];
            (cpu, double others) = (OwnCpu(), CpuOf(processes));
            for (int done = 0; done < count; done += 256)
            {
                var calls = new CallReplay[256];
                for (int i = 0; i < calls.Length; i++)
                    calls[i] = new CallReplay(past[(done + i) % past.Count], logic.Version);
                var decided = await block.DecideAsync(calls, first, second);
                if (decided.Calls.Any(c => c!.Verdict != Verdict.Same))
                    throw new InvalidOperationException("A call did not come out the same.");
            }
            double own = (OwnCpu() - cpu) / count * 1e6;
            double there = (CpuOf(processes) - others) / count * 1e6;
            Print(InBoth(inProcess, own, there));
        }
    }

    // Of what was not asked for nothing is said.
    internal static string InBoth(double? inProcess, double own, double there)
    {
        string inDeciders = string.Create(CultureInfo.InvariantCulture, $"in deciders {own + there:0.0} µs ({own:0.0} here, {there:0.0} there), {1e6 / (own + there):#,0} calls/s a core");
        return "decided twice, compared, with its verdict, CPU: " + (inProcess is { } here
            ? string.Create(CultureInfo.InvariantCulture, $"in this process {here:0.0} µs, {1e6 / here:#,0} calls/s a core; {inDeciders}: {(own + there) / here:0.00} times as much")
            : inDeciders);
    }

    private static double OwnCpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static DeciderProcessOptions DeciderOptions { get; } = new() { Command = DeciderCommand.OfAssembly(typeof(ReplayBenchmark).Assembly.Location) };

    // How long the first call of a replay takes, processes and all.
    private static void Start(CompiledLogic logic, List<CallHistory> few)
    {
        foreach (bool inDeciders in (bool[])[false, true])
        {
            var took = new List<double>();
            for (int i = 0; i < 7; i++)
            {
                long began = Stopwatch.GetTimestamp();
                using var replayer = New(logic, 1, inDeciders);
                replayer.RunAsync(few[i], CancellationToken.None).GetAwaiter().GetResult();
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            took.Sort();
            Print(string.Create(CultureInfo.InvariantCulture, $"from the start to the first call's verdict {(inDeciders ? "in deciders" : "in this process, the logic's second compilation with it")}: {took[0]:0}–{took[^1]:0} ms, median {took[3]:0} ms"));
        }
    }

    private static Replayer New(CompiledLogic logic, int threads, bool inDeciders) => new(
        logic,
        new ReplayOptions
        {
            Threads = threads,
            ShiftTimeZone = true,
            Deciders = inDeciders ? DeciderOptions : null,
        },
        TimeProvider.System);

    private static double CpuOf(IEnumerable<int> processes)
    {
        double seconds = 0;
        foreach (int id in processes)
        {
            using var process = Process.GetProcessById(id);
            seconds += process.TotalProcessorTime.TotalSeconds;
        }
        return seconds;
    }

    // Microseconds a call.
    private static double MedianOfParts(int count, Action<int> call)
    {
        const int Part = 500;
        var took = new List<double>();
        for (int done = 0; done < count; done += Part)
        {
            long began = Stopwatch.GetTimestamp();
            for (int i = done; i < done + Part; i++)
                call(i);
            took.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds / Part);
        }
        took.Sort();
        return took[took.Count / 2];
    }

    private static async Task<int> StoreAsync(CompiledLogic logic, string kind, int count, int threads, string? only)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-replay-");
        try
        {
            await using var server = kind == "postgres" ? await PostgresServer.StartOwnAsync() : null;
            await using var store = StoreChoice.Open(new StoreOptions { Postgres = server?.ConnectionString, Sqlite = Path.Combine(folder.FullName, "calls.db") });
            await store.MigrateAsync(CancellationToken.None);
            long began = Stopwatch.GetTimestamp();
            if (server is not null)
                await PostgresCopy.FillAsync(server.ConnectionString, new ReplayCalls(logic), count);
            else
                await FillAsync(store, new ReplayCalls(logic), count);
            Print($"{count:#,0} calls of 6 events stored in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
            await RawAsync(server, count);
            int wrong = 0;
            foreach (int part in new[] { 10_000, count }.Where(part => part <= count).Distinct())
            {
                var chosen = await ChosenCalls.FindAsync(store, new CallChoice { Query = new CallQuery { Limit = part } }, CancellationToken.None);
                if (only is null)
                    wrong += await MeasureAsync($"{kind}, {part:#,0} calls, {threads} thread(s)", logic, chosen.ReadAsync(null, CancellationToken.None), threads, isReported: true, inDeciders: false);
                wrong += await MeasureAsync($"{kind}, {part:#,0} calls, {threads} thread(s), in deciders", logic, chosen.ReadAsync(null, CancellationToken.None), threads, isReported: true, inDeciders: true);
            }
            return wrong == 0 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RawAsync(PostgresServer? server, int count)
    {
        if (server is null)
            return;
        // Once to have them all in the server's memory, as the replay has them after it.
        const string Rows = "select seq_id, stream_id, version, id, type, data from mt_events order by seq_id";
        await PostgresCopy.ReadOutAsync(server.ConnectionString, Rows);
        double seconds = (await PostgresCopy.ReadOutAsync(server.ConnectionString, Rows)).TotalSeconds;
        Print($"the raw limit, COPY TO STDOUT of the {6L * count:#,0} events: {count / seconds:#,0} calls/s, {6L * count / seconds:#,0} events/s");
    }

    private static async Task FillAsync(ICallStore store, ReplayCalls calls, int count)
    {
        for (int done = 0; done < count; done += 200)
            await store.AppendAsync([.. Enumerable.Range(0, Math.Min(200, count - done)).SelectMany(_ => calls.Next()).Select(EventToAppend.Of)], CancellationToken.None);
    }

    private static async Task<int> MeasureAsync(string what, CompiledLogic logic, IAsyncEnumerable<CallHistory> calls, int threads, bool isReported, bool inDeciders)
    {
        using var replayer = New(logic, threads, inDeciders);
        using var state = new ReplayProgressState([]);
        using var process = Process.GetCurrentProcess();
        double cpu = process.TotalProcessorTime.TotalSeconds;
        long managed = 0, resident = 0, allocated = GC.GetTotalAllocatedBytes(), count = 0, wrong = 0;
        long began = Stopwatch.GetTimestamp();
        await foreach (var call in replayer.RunAsync(calls, CancellationToken.None))
        {
            if (isReported)
                state.Add(call);
            if (call.Verdict != Verdict.Same)
                wrong++;
            if (++count % 5_000 != 0)
                continue;
            managed = Math.Max(managed, GC.GetTotalMemory(forceFullCollection: false));
            resident = Math.Max(resident, ProcessMeter.ResidentMiB(Environment.ProcessId));
        }
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        process.Refresh();
        double others = CpuOf(replayer.Deciders);
        double used = process.TotalProcessorTime.TotalSeconds - cpu + others;
        Print(string.Create(CultureInfo.InvariantCulture, $"{what}: {count / seconds:#,0} calls/s; {used / count * 1e6:0.0} µs CPU of ours a call ({others / count * 1e6:0.0} in deciders), {count / used:#,0} calls/s a core; ")
            + string.Create(CultureInfo.InvariantCulture, $"{(GC.GetTotalAllocatedBytes() - allocated) / count:#,0} B a call; peak managed {managed >> 20} MiB, resident {resident} MiB; {wrong} not the same"));
        return (int)wrong;
    }

    private static async IAsyncEnumerable<CallHistory> Again(List<CallHistory> few, int count)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
            yield return few[i % few.Count];
    }

    private static void Print(string text) => System.Console.WriteLine(text);
}
