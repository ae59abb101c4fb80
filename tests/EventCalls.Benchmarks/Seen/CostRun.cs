using System.Globalization;
using System.Net;
using EventCalls.Testing;
using static EventCalls.Benchmarks.Running.BenchmarkCommand;
using static EventCalls.Benchmarks.Running.Samples;

namespace EventCalls.Benchmarks.Seen;

/// <summary>What a call costs a service that serves the API, traces one call in a hundred and whose figures are fetched, beside two that do none of it; all are called at the same time.</summary>
internal static class CostRun
{
    private const int WarmUp = 12;
    private static readonly TimeSpan s_scrape = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(SeenOptions options, string folder)
    {
        using var collector = new HttpListener();
        string otlp = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}/otlp");
        collector.Prefixes.Add(otlp + "/");
        collector.Start();
        var collecting = CollectAsync(collector);
        var http = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}"));
        await using var plain = await MeteredService.StartAsync("plain", options, folder, []);
        await using var again = await MeteredService.StartAsync("again", options, folder, []);
        await using var seen = await MeteredService.StartAsync("seen", options, folder, new() { ["Http__Listen"] = http.OriginalString, ["Telemetry__Otlp"] = otlp, ["Telemetry__SampleRatio"] = "0.01" });
        using var stopping = new CancellationTokenSource();
        var scraping = ScrapeAsync(http, stopping.Token);

        await CostAsync(WarmUp, isWarmUp: true);
        var costs = new List<(double Plain, double Again, double Seen)>();
        for (int i = 0; i < options.Rounds; i++)
        {
            double[] cost = await CostAsync(options.Seconds);
            costs.Add((cost[0], cost[1], cost[2]));
            Line($"  turn {i + 1}: {cost[0]:F3} CPU-ms a call, {cost[1]:F3} the same again, {cost[2]:F3} seen: {cost[1] / cost[0]:F3} and {Seen(costs[^1]):F3} times");
        }
        await stopping.CancelAsync();
        int scrapes = await scraping;
        collector.Stop();
        int exports = await collecting;
        Line($"at {options.Rate} calls/s each, {(options.Postgres ? "PostgreSQL" : "SQLite")}: {Median(costs.Select(c => (c.Plain + c.Again) / 2)):F3} CPU-ms a call, with API, traces of 1 % and figures {Median(costs.Select(c => c.Seen)):F3}; {Median(costs.Select(Seen)):F3} times (median of {options.Rounds}), {costs.Sum(c => 2 * c.Seen) / costs.Sum(c => c.Plain + c.Again):F3} times over all; the same again {costs.Sum(c => c.Again) / costs.Sum(c => c.Plain):F3} times; figures were fetched {scrapes} times, {exports} exports came");
        return scrapes > 0 && exports > 0 ? 0 : 1;

        // All at once: what else the machine does falls on all alike.
        async Task<double[]> CostAsync(int seconds, bool isWarmUp = false) => await Task.WhenAll(new[] { plain, again, seen }.Select(service => service.CostAsync(options.Rate, seconds, isWarmUp)));

        static double Seen((double Plain, double Again, double Seen) cost) => 2 * cost.Seen / (cost.Plain + cost.Again);
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
