using System.Globalization;
using System.Net;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Running;
using EventCalls.Store;
using EventCalls.Testing;
using static EventCalls.Benchmarks.Running.BenchmarkCommand;
using static EventCalls.Benchmarks.Running.Samples;

namespace EventCalls.Benchmarks.Seen;

/// <summary>What a call costs a service that serves the API, traces one call in a hundred and whose figures are fetched, beside one that does none of it.</summary>
internal static class CostRun
{
    private const int WarmUp = 12;
    private static readonly TimeSpan s_scrape = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(SeenOptions options, string folder)
    {
        using var collector = new HttpListener();
        string otlp = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}/otlp");
        collector.Prefixes.Add(otlp + "/");
        collector.Start();
        var collecting = CollectAsync(collector);
        await using var plainDatabase = options.Postgres ? await PostgresServer.StartOwnAsync(durable: true) : null;
        await using var seenDatabase = options.Postgres ? await PostgresServer.StartOwnAsync(durable: true) : null;
        int plainPort = FreePorts.Next(), seenPort = FreePorts.Next();
        var http = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}"));
        await using var plain = await StartAsync("plain", plainPort, plainDatabase, new Dictionary<string, string>());
        await using var seen = await StartAsync("seen", seenPort, seenDatabase, new Dictionary<string, string> { ["Http__Listen"] = http.OriginalString, ["Telemetry__Otlp"] = otlp, ["Telemetry__SampleRatio"] = "0.01" });
        using var stopping = new CancellationTokenSource();
        var scraping = ScrapeAsync(http, stopping.Token);

        await CallAsync(plainPort, WarmUp);
        await CallAsync(seenPort, WarmUp);
        var costs = new List<(double Plain, double Seen)>();
        for (int i = 0; i < options.Rounds; i++)
        {
            // Who comes first changes, too.
            double first = await CostAsync(i % 2 == 0), second = await CostAsync(i % 2 != 0);
            costs.Add(i % 2 == 0 ? (first, second) : (second, first));
            Line($"  turn {i + 1}: {costs[^1].Plain:F3} CPU-ms a call, seen {costs[^1].Seen:F3}: {costs[^1].Seen / costs[^1].Plain:F3} times");
        }
        await stopping.CancelAsync();
        int scrapes = await scraping;
        collector.Stop();
        int exports = await collecting;
        Line($"at {options.Rate} calls/s, {(options.Postgres ? "PostgreSQL" : "SQLite")}: {Median(costs.Select(c => c.Plain)):F3} CPU-ms a call, with API, traces of 1 % and figures {Median(costs.Select(c => c.Seen)):F3}; {Median(costs.Select(c => c.Seen / c.Plain)):F3} times (median of {options.Rounds}); all turns together {costs.Sum(c => c.Seen) / costs.Sum(c => c.Plain):F3} times; {scrapes} times the figures were fetched, {exports} exports came");
        return scrapes > 0 && exports > 0 ? 0 : 1;

        Task<ChildProcess> StartAsync(string node, int port, PostgresServer? database, Dictionary<string, string> more) => ServiceProcess.StartAsync(
            new ServiceSettings
            {
                Node = node,
                SipPort = port,
                Logic = Path.Combine("Load", "Logic"),
                Store = new StoreOptions { Postgres = database?.ConnectionString, Sqlite = Path.Combine(folder, $"{node}.db") },
                More = more,
            },
            folder);

        async Task<double> CostAsync(bool isPlain)
        {
            int id = isPlain ? plain.Id : seen.Id;
            double before = ProcessMeter.CpuOfService(id);
            var calls = await CallAsync(isPlain ? plainPort : seenPort, options.Seconds);
            if (calls.Failed > 0)
                throw new InvalidOperationException($"{calls.Failed} calls of {calls.Calls} failed.");
            // What is still on its way to store and collector belongs to these calls.
            await Task.Delay(s_settle);
            return (ProcessMeter.CpuOfService(id) - before) / calls.Calls;
        }

        async Task<SippFigures> CallAsync(int port, int seconds)
        {
            await using var calling = SippLoad.Calling("refer", FreePorts.Next(), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), options.Rate, seconds);
            return await calling.WaitAsync();
        }
    }

    /// <summary>Fetches figures and health as Prometheus and a load balancer do; how often.</summary>
    private static async Task<int> ScrapeAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var timer = new PeriodicTimer(s_scrape);
        int count = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await client.GetStringAsync("/metrics", cancellationToken);
                await client.GetStringAsync("/health/ready", cancellationToken);
                count++;
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
        return count;
    }

    /// <summary>Takes what comes and forgets it; how often something came.</summary>
    private static async Task<int> CollectAsync(HttpListener listener)
    {
        int count = 0;
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
                count++;
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            return count;
        }
    }
}
