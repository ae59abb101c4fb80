using System.Globalization;
using System.Net;
using EventCalls.Testing;
using static EventCalls.Benchmarks.Running.BenchmarkCommand;

namespace EventCalls.Benchmarks.Seen;

/// <summary>What a call costs a service that serves the API, traces one call in a hundred and whose figures are fetched, beside two that do none of it; all are called at the same time.</summary>
internal static class CostRun
{
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

        await new CostTurns(options, plain, again, seen).RunAsync("seen", "with API, traces of 1 % and figures");
        await stopping.CancelAsync();
        int scrapes = await scraping;
        collector.Stop();
        int exports = await collecting;
        Line($"figures were fetched {scrapes} times, {exports} exports came");
        return scrapes > 0 && exports > 0 ? 0 : 1;
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
