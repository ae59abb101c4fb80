using System.Diagnostics;
using System.Globalization;
using EventCalls.Benchmarks.Running;
using EventCalls.Host.Composition;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Outages;

/// <summary>Real calls through real processes while a part has a fault, and what came of every call.</summary>
internal static class OutageRun
{
    private const int WarmUpSeconds = 3;
    private static readonly string s_refer = Path.Combine("Soak", "Scenarios", "traffic.xml");
    private static readonly string s_invite = Path.Combine("Load", "Scenarios", "invite.xml");
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(8);

    public static Task<int> RunAsync(IReadOnlyList<string> args) => BenchmarkCommand.RunAsync(args, OutageOptions.Parse, OutageOptions.Usage, (options, _) => RunAsync(options));

    private static async Task<int> RunAsync(OutageOptions options)
    {
        var cases = OutageCases.All.Where(options.Wants).ToList();
        if (cases.Count == 0)
        {
            await System.Console.Error.WriteLineAsync("No case has such a word; --list names them.");
            return 2;
        }
        if (options.List)
        {
            foreach (var outage in cases)
                System.Console.WriteLine($"{outage.Part}: {string.Format(CultureInfo.InvariantCulture, outage.Fault, options.FaultSeconds ?? outage.Seconds)}");
            return 0;
        }
        var results = new List<OutageResult>();
        foreach (var outage in cases)
        {
            var result = await RunAsync(outage, options);
            results.Add(result);
            System.Console.WriteLine(OutagePage.Line(result));
            foreach (string call in result.Verdict?.Bad.Take(10) ?? [])
                System.Console.WriteLine($"    {call}");
            // Each case's result is on the page as soon as it is there.
            if (options.Write is { } page)
                await File.WriteAllTextAsync(page, OutagePage.Of(options, results, File.Exists(page) ? await File.ReadAllTextAsync(page) : ""));
        }
        return results.TrueForAll(r => r.IsClean) ? 0 : 1;
    }

    /// <summary>Runs one case.</summary>
    public static async Task<OutageResult> RunAsync(OutageCase outage, OutageOptions options)
    {
        int seconds = outage.Seconds == 0 ? 0 : options.FaultSeconds ?? outage.Seconds;
        // Calls come in before the fault, all through it, and after it.
        int load = Math.Max(options.Seconds, seconds + options.Seconds / 2);
        try
        {
            await using var site = await OutageSite.StartAsync(outage.Site);
            bool hasTarget = outage.Site == SiteKind.EmbeddedNames;
            await using var target = hasTarget ? Load.SippLoad.Answering("target", site.TargetPort) : null;
            // A program that was just started compiles itself, which is no outage; and what it sends to is known to it before it goes away.
            await using (var warmUp = await CallAsync(site, outage.OpenCalls, s_refer, "refer", "warm-up", options.Rate, WarmUpSeconds))
                await warmUp.WaitAsync();
            if (outage.Before is { } before)
                await before(site);
            int rate = hasTarget ? Math.Max(1, options.Rate / 2) : options.Rate;
            await using var refer = await CallAsync(site, outage.OpenCalls, s_refer, "refer", "refer", rate, load);
            await using var invite = hasTarget ? await CallAsync(site, outage.OpenCalls, s_invite, "invite", "invite", rate, load) : null;
            for (int i = 0; i < outage.Times; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(options.Seconds / 5.0));
                await outage.Inject(site, TimeSpan.FromSeconds(seconds));
            }
            var seen = await SeenAsync(refer);
            if (invite is not null)
                seen = [.. seen, .. await SeenAsync(invite)];
            var (streams, catchUp) = await StreamsAsync(site, seen);
            var verdict = OutageVerdict.Of(seen, [.. streams.Select(s => s.Events)], outage.OpenCalls);
            var problems = new List<string>(site.Problems);
            problems.AddRange(Unexpected(outage, seconds, site));
            problems.AddRange((await site.LeftOnBrokerAsync()).Select(queue => $"left on the broker: {queue}"));
            int wanted = load * rate * (hasTarget ? 2 : 1);
            if (seen.Count != wanted)
                problems.Add($"{wanted} calls were to be made");
            var result = new OutageResult(outage, seconds, verdict, catchUp.TotalSeconds, problems.Count == 0 ? null : string.Join("; ", problems));
            if (!result.IsClean)
                await KeepLogsAsync(result, site);
            return result;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or Npgsql.NpgsqlException or Microsoft.Data.Sqlite.SqliteException or System.Net.Sockets.SocketException)
        {
            return new OutageResult(outage, seconds, null, 0, e.Message.Split('\n')[0]);
        }
    }

    private static IEnumerable<string> Unexpected(OutageCase outage, int seconds, OutageSite site)
    {
        foreach (string name in site.Dead.Where(name => outage.Part != "router" || !name.StartsWith("router", StringComparison.Ordinal)))
            yield return $"{name} ended";
        // A fault that was made shorter may be over before anybody says so.
        if (outage.Sign is { } sign && seconds >= outage.Seconds && !site.Logs.Any(l => l.Log.Contains(sign, StringComparison.Ordinal)))
            yield return $"no process logged '{sign}'";
    }

    private static Task<SippRun> CallAsync(OutageSite site, OpenCalls open, string scenario, string flow, string prefix, int rate, int seconds) => SippRun.StartAsync(new SippOptions
    {
        Scenario = Path.Combine(AppContext.BaseDirectory, scenario),
        Remote = $"127.0.0.1:{site.SipPort}",
        Dial = flow,
        Calls = rate * seconds,
        Rate = rate,
        Limit = rate * seconds,
        CallIdPrefix = prefix,
        // Calls are open when the fault begins, and when it ends.
        PauseMs = 2_000,
        // Longer than a caller may have to wait for an answer; one whose process was killed waits in vain.
        ReceiveTimeoutMs = open == OpenCalls.AreCutOff ? 40_000 : 90_000,
        Timeout = TimeSpan.FromSeconds(seconds + 150),
    });

    private static async Task<IReadOnlyList<CallerView>> SeenAsync(SippRun calls) => CallerView.Read((await calls.WaitAsync()).Messages);

    // All streams, when every call that the callers know has ended on record, or nothing has come for a while.
    private static async Task<(IReadOnlyList<CallHistory> Streams, TimeSpan CatchUp)> StreamsAsync(OutageSite site, IReadOnlyList<CallerView> callers)
    {
        await using var store = StoreChoice.Open(site.Store);
        var clock = Stopwatch.StartNew();
        var (last, changed) = (TimeSpan.Zero, -1L);
        int wanted = callers.Count(c => !c.IsRefused && c.Status > 0);
        while (true)
        {
            var streams = new List<CallHistory>();
            try
            {
                await foreach (var call in store.ReadCallsAsync(new CallQuery(), CancellationToken.None))
                    streams.Add(call);
            }
            catch (StoreUnreachableException) when (clock.Elapsed < s_catchUp)
            {
                await Task.Delay(1000);
                continue;
            }
            long events = streams.Sum(s => (long)s.Events.Count);
            if (events != changed)
                (last, changed) = (clock.Elapsed, events);
            bool isComplete = streams.Count >= wanted && streams.TrueForAll(s => s.Call.EndedAt is not null);
            // Calls of a process that died are closed half a minute after its last heartbeat.
            var patience = isComplete ? s_quiet : TimeSpan.FromSeconds(60);
            if (clock.Elapsed - last > patience || clock.Elapsed > s_catchUp)
                return (streams, last);
            await Task.Delay(2000);
        }
    }

    private static async Task KeepLogsAsync(OutageResult result, OutageSite site)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-outage-logs-").FullName;
        foreach (var (name, log) in site.Logs)
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.log"), log);
        await System.Console.Error.WriteLineAsync($"{result.Case.Part}, {result.Fault}: the logs are in {folder}");
    }
}
