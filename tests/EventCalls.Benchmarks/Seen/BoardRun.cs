using System.Diagnostics;
using System.Globalization;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Running;
using EventCalls.Store;
using EventCalls.Testing;
using static EventCalls.Benchmarks.Running.BenchmarkCommand;
using static EventCalls.Benchmarks.Running.Samples;

namespace EventCalls.Benchmarks.Seen;

/// <summary>What the live board takes of a core while calls come steadily: with nobody who looks, with one, with ten, and with a tab of a browser, in turns.</summary>
internal static class BoardRun
{
    private const int WarmUp = 15;
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(SeenOptions options, string folder)
    {
        await using var database = options.Postgres ? await PostgresServer.StartOwnAsync(durable: true) : null;
        int sip = FreePorts.Next();
        var http = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}"));
        await using var service = await ServiceProcess.StartAsync(
            new ServiceSettings
            {
                Node = "board",
                SipPort = sip,
                Logic = Path.Combine("Load", "Logic"),
                Store = new StoreOptions { Postgres = database?.ConnectionString, Sqlite = Path.Combine(folder, "calls.db") },
                More = new Dictionary<string, string> { ["Http__Listen"] = http.OriginalString },
            },
            folder);
        var turn = TimeSpan.FromSeconds(options.Seconds);
        int seconds = WarmUp + (options.Rounds * 4 * (options.Seconds + 6));
        await using var calling = SippLoad.Calling("refer", FreePorts.Next(), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{sip}"), options.Rate, seconds);
        // Each of them once, so that no turn pays for compiling.
        await using (new LiveWatchers(http, 1))
            await Task.Delay(TimeSpan.FromSeconds(WarmUp));

        var shares = new List<(double None, double One, double Ten, double Tab)>();
        var tabs = new List<double>();
        for (int i = 0; i < options.Rounds; i++)
        {
            double none = await ShareAsync("nobody looks", null), one, ten;
            await using (var watchers = new LiveWatchers(http, 1))
                one = await ShareAsync("one client", watchers);
            await using (var watchers = new LiveWatchers(http, 10))
                ten = await ShareAsync("ten clients", watchers);
            await using var tab = new BrowserTab(http);
            double seen = await ShareAsync("a tab", null, tab);
            shares.Add((none, one, ten, seen));
        }
        Line($"at {options.Rate} calls/s, {(options.Postgres ? "PostgreSQL" : "SQLite")}, of one core, medians of {options.Rounds}: program {Median(shares.Select(s => s.None)):F1} %; more with one client {Median(shares.Select(s => s.One - s.None)):F1}, with ten {Median(shares.Select(s => s.Ten - s.None)):F1}, with a tab {Median(shares.Select(s => s.Tab - s.None)):F1}; the tab itself {Median(tabs):F1} %");
        return 0;

        async Task<double> ShareAsync(string who, LiveWatchers? watchers, BrowserTab? tab = null)
        {
            await Task.Delay(s_settle);
            watchers?.TakeCounts();
            if (tab is not null)
                await tab.UntilOpenAsync();
            var (before, ofTab, ofBrowser, server, began) = (ProcessMeter.CpuOfService(service.Id), tab?.TabMs() ?? 0, tab?.AllMs() ?? 0, database?.CpuSeconds() ?? 0, Stopwatch.GetTimestamp());
            await Task.Delay(turn);
            double milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            double share = 100 * (ProcessMeter.CpuOfService(service.Id) - before) / milliseconds;
            var (messages, bytes) = watchers?.TakeCounts() ?? default;
            string more = messages > 0 ? string.Create(CultureInfo.InvariantCulture, $", {messages * 1000 / milliseconds:F1} messages/s, {bytes / milliseconds:F0} kB/s") : "";
            if (database is not null)
                more += string.Create(CultureInfo.InvariantCulture, $", PostgreSQL {100_000 * (database.CpuSeconds() - server) / milliseconds:F1} %");
            if (tab is not null)
            {
                tabs.Add(100 * (tab.TabMs() - ofTab) / milliseconds);
                more += string.Create(CultureInfo.InvariantCulture, $", the tab {tabs[^1]:F1} %, the browser with it {100 * (tab.AllMs() - ofBrowser) / milliseconds:F1} %");
            }
            Line($"  {who}: program {share:F1} % of a core{more}");
            return share;
        }
    }
}
