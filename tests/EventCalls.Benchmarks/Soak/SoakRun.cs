using System.Diagnostics;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Running;
using EventCalls.Store;
using EventCalls.Testing;
using static EventCalls.Benchmarks.Running.BenchmarkCommand;

namespace EventCalls.Benchmarks.Soak;

/// <summary>A real <c>eventcalls run</c> among peers that misbehave, for as long as one likes; then every call is looked for in the store.</summary>
internal static class SoakRun
{
    // The longest that a call may need to end by itself after its caller is gone: 64·T1 twice, the ping, and the way to the store.
    private static readonly TimeSpan s_settleLimit = TimeSpan.FromSeconds(150);

    public static Task<int> RunAsync(IReadOnlyList<string> args) => BenchmarkCommand.RunAsync(args, SoakOptions.Parse, SoakOptions.Usage, RunAsync);

    private static async Task<int> RunAsync(SoakOptions options, string folder)
    {
        await using var broker = options.RabbitMq ? await RabbitMqServer.StartAsync() : null;
        await using var database = options.Postgres ? await PostgresServer.StartOwnAsync(durable: true) : null;
        var store = new StoreOptions { Postgres = database?.ConnectionString, Sqlite = options.Sqlite ?? Path.Combine(folder, "calls.db") };
        int sip = FreePorts.Next();
        var targets = SoakMix.Targets.ToDictionary(t => t.Key, _ => FreePorts.Next());
        await using var service = await ServiceProcess.StartAsync(Settings(sip, targets, broker?.ConnectionString, store), folder);

        await using var callers = new SoakCallers(folder);
        foreach (var (name, scenario) in SoakMix.Targets)
            callers.Answer(scenario, targets[name]);
        Line($"{options.Rate} calls/s for {options.Duration.TotalMinutes} min; bus {(options.RabbitMq ? "RabbitMQ" : "in memory")}, store {(options.Postgres ? "PostgreSQL" : "SQLite")}");
        var clock = Stopwatch.StartNew();
        var began = TimeProvider.System.GetUtcNow();
        foreach (var caller in SoakMix.Callers)
            callers.Call(caller, $"127.0.0.1:{sip}", options.Rate, options.Duration);
        using var over = new CancellationTokenSource();
        var watching = WatchAsync(service, clock, over.Token);
        var made = await callers.WaitAsync();
        await over.CancelAsync();
        await watching;

        var streams = await SettledAsync(store, made.Sum(m => m.Made));
        double cpu = ProcessMeter.CpuMilliseconds(service.Id);
        long resident = ProcessMeter.ResidentMiB(service.Id);
        service.Terminate();
        int exit = await service.Exited.WaitAsync(TimeSpan.FromMinutes(1));
        bool good = Report(made, streams, cpu, resident, exit);
        if (streams.Values.SelectMany(s => s.Defaulted).Order().ToList() is [var first, ..] late)
            Line($"  {late.Count} calls had no decision in time and got the default; they began {(first - began).TotalSeconds:F0} to {(late[^1] - began).TotalSeconds:F0} s after the first call, half of them in the first {(late[late.Count / 2] - began).TotalSeconds:F0} s");
        if (!good)
            await System.Console.Error.WriteLineAsync(string.Join('\n', service.Errors.Split('\n').TakeLast(40)));
        return good ? 0 : 1;
    }

    private static ServiceSettings Settings(int sip, Dictionary<string, int> targets, string? rabbitMq, StoreOptions store) => new()
    {
        Node = "soak",
        SipPort = sip,
        Logic = Path.Combine("Soak", "Logic"),
        Targets = targets.ToDictionary(t => t.Key, t => $"sip:127.0.0.1:{t.Value};transport=udp"),
        RabbitMq = rabbitMq,
        Store = store,
        More = new Dictionary<string, string> { ["Routing__Targets__0"] = "example.com", ["Calls__SessionPingSeconds"] = "10" },
    };

    private static async Task WatchAsync(ChildProcess service, Stopwatch clock, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);
                Line($"  {clock.Elapsed.TotalMinutes,5:F1} min: {ProcessMeter.CpuMilliseconds(service.Id) / 1000:F0} s of CPU, {ProcessMeter.ResidentMiB(service.Id)} MiB resident");
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Reads the store when every call has ended there, or when no more is to be expected.</summary>
    private static async Task<Dictionary<string, SoakStreams>> SettledAsync(StoreOptions store, int calls)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var streams = await SoakStreams.ReadAsync(store);
            if ((streams.Values.Sum(s => s.Calls) >= calls && streams.Values.All(s => s.Stuck == 0)) || clock.Elapsed > s_settleLimit)
                return streams;
            await Task.Delay(TimeSpan.FromSeconds(5));
        }
    }

    private static bool Report(IReadOnlyList<(SoakCaller Caller, int Made, int Failed)> made, Dictionary<string, SoakStreams> streams, double cpuMs, long resident, int exit)
    {
        // SIPp counts as failed what its scenario does not know: a caller that falls silent is pinged, and one that does not answer a REFER gets it again.
        Line($"  {"caller",-52} {"calls",7} {"not so",7}");
        foreach (var (caller, calls, failed) in made)
            Line($"  {caller.Name,-52} {calls,7} {failed,7}");
        Line($"  {"dialled",-24} {"calls",7} {"streams",7} {"lost",5} {"doubled",7} {"stuck",5} {"wrong",5} {"said lost",9}");
        int lost = 0;
        var none = new SoakStreams();
        foreach (var dialled in made.GroupBy(m => m.Caller.Dial))
        {
            var found = streams.GetValueOrDefault(dialled.Key) ?? none;
            int calls = dialled.Sum(m => m.Made);
            int missing = Math.Max(0, calls - (found.Calls - found.Doubled));
            lost += missing;
            Line($"  {dialled.Key,-24} {calls,7} {found.Calls,7} {missing,5} {found.Doubled,7} {found.Stuck,5} {found.Wrong,5} {found.SaidLost,9}   {string.Join("; ", found.Endings.OrderByDescending(e => e.Value).Take(4).Select(e => $"{e.Value} {e.Key}"))}");
        }
        int all = made.Sum(m => m.Made);
        int bad = lost + streams.Values.Sum(s => s.Doubled + s.Stuck + s.Wrong + s.SaidLost);
        Line($"  {all} calls, {lost} lost, {streams.Values.Sum(s => s.Doubled)} doubled, {streams.Values.Sum(s => s.Stuck)} stuck, {streams.Values.Sum(s => s.Wrong)} wrong; {cpuMs / Math.Max(1, all):F2} CPU-ms a call, {resident} MiB resident at the end; SIGTERM ended the service with {exit}");
        return bad == 0 && exit == 0;
    }
}
