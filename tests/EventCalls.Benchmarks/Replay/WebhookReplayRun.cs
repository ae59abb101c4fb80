using System.Diagnostics;
using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay;
using EventCalls.Replay.Calls;
using EventCalls.Routing;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Webhook;
using EventCalls.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace EventCalls.Benchmarks.Replay;

/// <summary>How many calls a second a web service decides again, each decision asked twice: <c>-- replay-webhook [--calls N] [--threads N]</c>. The service is a process of its own that always answers the same.</summary>
public static class WebhookReplayRun
{
    /// <summary>The argument that makes this program the web service.</summary>
    public const string Receiver = "webhook-receiver";

    private const int Different = 10_000;
    private const string Answer = """{ "flow": "general_support", "handoff": { "refer": { "refer_to": "sip:support@example.com" } } }""";

    /// <summary>Answers until its standard input ends.</summary>
    public static async Task<int> ReceiveAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        byte[] answer = System.Text.Encoding.UTF8.GetBytes(Answer);
        server.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer);
        });
        await server.StartAsync();
        System.Console.WriteLine($"{server.Urls.First()}/decide");
        await System.Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Runs it and prints the figures.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var given = new Dictionary<string, string>();
        for (int i = 0; i + 1 < args.Length; i += 2)
            given[args[i]] = args[i + 1];
        int count = int.Parse(given.GetValueOrDefault("--calls", "50000"), CultureInfo.InvariantCulture);
        int threads = int.Parse(given.GetValueOrDefault("--threads", "32"), CultureInfo.InvariantCulture);
        using var logic = LogicCompiler.Compile([new LogicSource("support.cs", ReplayCalls.Sample)]).Logic!;
        var source = new ReplayCalls(logic);
        var few = Enumerable.Range(0, Math.Min(count, Different)).Select(_ => ReplayCalls.History(source.Next())).ToList();
        using var receiver = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(WebhookReplayRun).Assembly.Location, Receiver]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var url = new Uri((await receiver.StandardOutput.ReadLineAsync())!);
        for (int round = 0; round < 3; round++)
        {
            using var candidate = new WebhookCandidate(new WebhookOptions { Url = url, Timeout = TimeSpan.FromSeconds(10) }, new RouterOptions(), threads, TimeProvider.System);
            using var replayer = new Replayer(candidate, new ReplayOptions { Threads = threads }, TimeProvider.System);
            var (own, its) = (Process.GetCurrentProcess().TotalProcessorTime, receiver.TotalProcessorTime);
            var clock = Stopwatch.StartNew();
            int decided = 0, replayable = 0;
            await foreach (var call in replayer.RunAsync(AgainAsync(few, count), default))
            {
                decided++;
                replayable += call.Verdict is Verdict.Same or Verdict.Changed ? 1 : 0;
            }

            receiver.Refresh();
            double seconds = clock.Elapsed.TotalSeconds;
            own = Process.GetCurrentProcess().TotalProcessorTime - own;
            its = receiver.TotalProcessorTime - its;
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{decided} calls ({replayable} with a verdict), {decided / seconds:#,0} calls/s; CPU a call: {own.TotalMicroseconds / decided:0} µs here, {its.TotalMicroseconds / decided:0} µs in the service; load {File.ReadAllText("/proc/loadavg").Trim()}"));
        }

        receiver.StandardInput.Close();
        await receiver.WaitForExitAsync();
        return 0;
    }

    private static async IAsyncEnumerable<CallHistory> AgainAsync(List<CallHistory> few, int count)
    {
        await Task.Yield();
        for (int i = 0; i < count; i++)
            yield return few[i % few.Count];
    }
}
