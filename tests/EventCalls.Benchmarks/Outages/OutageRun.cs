using System.Diagnostics;
using System.Globalization;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Outages;

/// <summary>Real calls through real processes while a part has a fault, and what came of every call.</summary>
internal static class OutageRun
{
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(8);

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        OutageOptions options;
        try
        {
            options = OutageOptions.Parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n{OutageOptions.Usage}");
            return 2;
        }
        var cases = OutageCases.All.Where(options.Wants).ToList();
        if (cases.Count == 0)
        {
            await Console.Error.WriteLineAsync("No case has such a word; --list names them.");
            return 2;
        }
        if (options.List)
        {
            foreach (var outage in cases)
                Console.WriteLine($"{outage.Part}: {string.Format(CultureInfo.InvariantCulture, outage.Fault, options.FaultSeconds ?? outage.Seconds)}");
            return 0;
        }
        var results = new List<OutageResult>();
        foreach (var outage in cases)
        {
            var result = await RunAsync(outage, options);
            results.Add(result);
            Console.WriteLine(OutagePage.Line(result));
            if (result.Verdict is { } v)
            {
                foreach (string text in v.LostCalls.Select(c => $"lost {c}").Concat(v.DoubledCalls.Select(c => $"doubled {c}")).Concat(v.StuckCalls.Select(c => $"stuck {c}")).Concat(v.WrongCalls.Select(c => $"wrong {c}")).Take(10))
                    Console.WriteLine($"    {text}");
            }
            // Each case's result is on the page as soon as it is there.
            if (options.Write is { } page)
                await File.WriteAllTextAsync(page, OutagePage.Of(options, results));
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
            await using var target = outage.Site == SiteKind.EmbeddedNames ? await TargetAsync(site) : null;
            int rate = target is null ? options.Rate : Math.Max(1, options.Rate / 2);
            await using var refer = await CallAsync(site, "refer", rate, load);
            await using var invite = target is null ? null : Load.SippLoad.Calling("invite", FreePorts.Next(), $"127.0.0.1:{site.SipPort}", rate, load);
            for (int i = 0; i < outage.Times; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(options.Seconds / 5.0));
                await outage.Inject(site, TimeSpan.FromSeconds(seconds));
            }
            var seen = CallerView.Read((await refer.WaitAsync()).Messages);
            if (invite is not null)
                await invite.WaitAsync();
            var (streams, catchUp) = await StreamsAsync(site, seen);
            var verdict = OutageVerdict.Of(seen, [.. streams.Select(s => s.Events)], outage.EndsCalls);
            string? problem = Unexpected(outage, site);
            if (!verdict.IsClean || problem is not null)
                await KeepLogsAsync(outage, site);
            return new OutageResult(outage, seconds, verdict, catchUp.TotalSeconds, problem);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or Npgsql.NpgsqlException or Microsoft.Data.Sqlite.SqliteException or System.Net.Sockets.SocketException)
        {
            return new OutageResult(outage, seconds, null, 0, e.Message.Split('\n')[0]);
        }
    }

    private static string? Unexpected(OutageCase outage, OutageSite site)
    {
        var dead = site.Dead.Where(name => outage.Part != "router" || name == site.Ingress || name == site.Recorder).ToList();
        return dead.Count == 0 ? null : $"{string.Join(", ", dead)} ended";
    }

    private static Task<SippRun> CallAsync(OutageSite site, string flow, int rate, int seconds) => SippRun.StartAsync(new SippOptions
    {
        Scenario = Path.Combine(AppContext.BaseDirectory, "Soak", "Scenarios", "traffic.xml"),
        Remote = $"127.0.0.1:{site.SipPort}",
        Dial = flow,
        Calls = rate * seconds,
        Rate = rate,
        Limit = rate * seconds,
        CallIdPrefix = "outage",
        // Calls are open when the fault begins, and when it ends.
        PauseMs = 2_000,
        ReceiveTimeoutMs = 90_000,
        Timeout = TimeSpan.FromSeconds(seconds + 150),
    });

    private static Task<Load.SippLoad> TargetAsync(OutageSite site) => Task.FromResult(Load.SippLoad.Answering("target", site.TargetPort));

    // All streams, when every call that the callers know has ended on record, or nothing has come for a while.
    private static async Task<(IReadOnlyList<CallHistory> Streams, TimeSpan CatchUp)> StreamsAsync(OutageSite site, IReadOnlyList<CallerView> callers)
    {
        await using var store = CallStoreFactory.Open(site.Store);
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

    private static async Task KeepLogsAsync(OutageCase outage, OutageSite site)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-outage-logs-").FullName;
        foreach (var (name, log) in site.Logs)
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.log"), log);
        await Console.Error.WriteLineAsync($"{outage.Part}, {outage.Fault}: the logs are in {folder}");
    }
}
