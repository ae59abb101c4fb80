using EventCalls.Benchmarks.Running;
using EventCalls.Store;
using EventCalls.Testing;
using static EventCalls.Benchmarks.Running.BenchmarkCommand;

namespace EventCalls.Benchmarks.Load;

/// <summary>Calls by SIPp through a real <c>eventcalls run</c>, and what each process used for each call.</summary>
internal static class LoadRun
{
    public static Task<int> RunAsync(IReadOnlyList<string> args) => BenchmarkCommand.RunAsync(args, LoadOptions.Parse, LoadOptions.Usage, RunAsync);

    private static async Task<int> RunAsync(LoadOptions options, string folder)
    {
        await using var broker = options.RabbitMq ? await RabbitMqServer.StartAsync() : null;
        await using var database = options.Postgres ? await PostgresServer.StartOwnAsync(durable: true) : null;
        int sip = FreePorts.Next();
        int target = FreePorts.Next();
        var store = new StoreOptions { Postgres = database?.ConnectionString, Sqlite = Path.Combine(folder, "calls.db") };
        var settings = new ServiceSettings
        {
            Node = "load",
            SipPort = sip,
            Logic = Path.Combine("Load", "Logic"),
            Targets = new Dictionary<string, string> { ["target"] = $"sip:127.0.0.1:{target};transport=udp" },
            RabbitMq = broker?.ConnectionString,
            Store = store,
        };
        var services = new List<(string Name, ChildProcess Process)>();
        try
        {
            string?[] roles = options.Split ? ["recorder", "router", "ingress"] : [null];
            foreach (var role in roles)
                services.Add((role is null ? "eventcalls" : $"eventcalls {role}", await ServiceProcess.StartAsync(settings, folder, role, options.More)));
            await using var answering = options.Scenario == "invite" ? SippLoad.Answering("target", target) : null;

            if (options.WarmUp > 0)
            {
                await using var warmUp = SippLoad.Calling(options.Scenario, FreePorts.Next(), $"127.0.0.1:{sip}", options.Rate, options.WarmUp);
                await warmUp.WaitAsync();
            }
            var meters = Meters(services, answering, broker, database);
            var before = meters.Select(m => m.Read()).ToArray();
            var began = TimeProvider.System.GetTimestamp();
            await using var calling = SippLoad.Calling(options.Scenario, FreePorts.Next(), $"127.0.0.1:{sip}", options.Rate, options.Seconds);
            var calls = await calling.WaitAsync();
            var took = TimeProvider.System.GetElapsedTime(began);
            // What is still on its way to the store belongs to these calls.
            await Task.Delay(TimeSpan.FromSeconds(2));
            var after = meters.Select(m => m.Read()).ToArray();

            var stored = await StoreCheck.RunAsync(store, options.Rate * (options.WarmUp + options.Seconds));
            Report(options, calls, took, meters.Select((m, i) => (m.Name, before[i], after[i])), stored);
            bool complete = stored.Whole == stored.Calls && stored.Whole >= calls.Successful;
            if (!complete || calls.Failed > 0)
            {
                foreach (var (name, process) in services)
                    await System.Console.Error.WriteLineAsync($"{name}:\n{Tail(process.Errors)}");
            }
            return complete && calls.Successful >= calls.Calls * 0.999 ? 0 : 1;
        }
        finally
        {
            foreach (var (_, process) in services)
                await process.DisposeAsync();
        }
    }

    private static List<Meter> Meters(List<(string Name, ChildProcess Process)> services, SippLoad? answering, RabbitMqServer? broker, PostgresServer? database)
    {
        var meters = services.Select(s => new Meter(s.Name, () => ProcessMeter.CpuMilliseconds(s.Process.Id), () => ProcessMeter.ResidentMiB(s.Process.Id))).ToList();
        meters.AddRange(services.Select(s => new Meter(
            $"{s.Name}'s deciders", () => ProcessMeter.Deciders(s.Process.Id).Sum(ProcessMeter.CpuMilliseconds), () => ProcessMeter.Deciders(s.Process.Id).Sum(ProcessMeter.ResidentMiB))));
        if (broker is { IsOwn: true })
        {
            var beams = ProcessMeter.Below(Environment.ProcessId, "beam.smp");
            meters.Add(new Meter("rabbitmq", () => beams.Sum(ProcessMeter.CpuMilliseconds), () => beams.Sum(ProcessMeter.ResidentMiB)));
        }
        if (database is { IsOwn: true })
            meters.Add(new Meter("postgres", () => database.CpuSeconds() * 1000, null));
        if (answering is not null)
            meters.Add(new Meter("sipp (target)", () => ProcessMeter.CpuMilliseconds(answering.Id), null) { Counts = false });
        return meters;
    }

    private static void Report(
        LoadOptions options, SippFigures calls, TimeSpan took, IEnumerable<(string Name, Reading Before, Reading After)> processes, StoreFigures stored)
    {
        Line($"{options.Scenario} at {options.Rate}/s for {options.Seconds} s; bus {(options.RabbitMq ? "RabbitMQ" : "in memory")}, store {(options.Postgres ? "PostgreSQL (fsync on)" : "SQLite")}{(options.Split ? ", roles split" : "")}");
        Line($"  calls            {calls.Calls} in {took.TotalSeconds:F1} s, {calls.Successful} as the scenario says ({100.0 * calls.Successful / Math.Max(1, calls.Calls):F3} %), {calls.Failed} not; SIPp sent {calls.Retransmissions} messages again");
        Line($"  INVITE to 200    p50 {calls.Percentile(50):F0} ms, p99 {calls.Percentile(99):F0} ms, p99.9 {calls.Percentile(99.9):F0} ms");
        double total = 0;
        foreach (var (name, before, after) in processes)
        {
            double cpu = (after.CpuMs - before.CpuMs) / Math.Max(1, calls.Calls);
            if (before.Counts)
                total += cpu;
            Line($"  {name,-16} {cpu:F3} CPU-ms a call{(after.ResidentMiB is { } end ? $", {before.ResidentMiB} MiB before, {end} MiB after" : "")}");
        }
        Line($"  all that count   {total:F3} CPU-ms a call");
        Line($"  store            {stored.Calls} calls with warm-up, {stored.Whole} whole, {stored.Events} events");
        foreach (var (shape, count) in stored.Shapes.OrderByDescending(x => x.Value).Take(6))
            Line($"    {count,7} x {shape}");
    }

    private static string Tail(string text) => string.Join('\n', text.Split('\n').TakeLast(30));

    private readonly record struct Reading(double CpuMs, long? ResidentMiB, bool Counts);

    private sealed record Meter(string Name, Func<double> CpuMs, Func<long>? ResidentMiB)
    {
        /// <summary>Whether it is part of the service.</summary>
        public bool Counts { get; init; } = true;

        public Reading Read() => new(CpuMs(), ResidentMiB?.Invoke(), Counts);
    }
}
