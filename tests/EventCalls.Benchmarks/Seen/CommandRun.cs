using System.Globalization;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Running;
using EventCalls.Store;
using EventCalls.Testing;
using static EventCalls.Benchmarks.Running.BenchmarkCommand;

namespace EventCalls.Benchmarks.Seen;

/// <summary>How soon after a command's HTTP request its first SIP message comes in: at the node that has the call, and by way of another one over RabbitMQ, in turns.</summary>
internal static class CommandRun
{
    private const int AtOnce = 20;

    private static readonly (string Name, string Path, string Json, string Awaited)[] s_commands =
    [
        ("hangup: BYE", "hangup", "{}", "BYE"),
        ("handoff by refer: REFER", "handoff", """{"handoff": {"refer": {"refer_to": "sip:support@example.com"}}}""", "REFER"),
        ("handoff by invite: INVITE", "handoff", """{"handoff": {"invite": {"phone_number": "2222222", "outbound_endpoint": "target"}}}""", "INVITE"),
    ];

    public static async Task<int> RunAsync(SeenOptions options, string folder)
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var database = await PostgresServer.StartOwnAsync(durable: true);
        using var callers = new CommandedCalls();
        int sip = FreePorts.Next();
        Uri own = Http(), other = Http();
        var settings = new ServiceSettings
        {
            Node = "owner",
            SipPort = sip,
            Logic = Path.Combine("Load", "Logic"),
            Targets = new Dictionary<string, string> { ["target"] = string.Create(CultureInfo.InvariantCulture, $"sip:127.0.0.1:{callers.Port}") },
            RabbitMq = broker.ConnectionString,
            Store = new StoreOptions { Postgres = database.ConnectionString },
        };
        await using var owner = await ServiceProcess.StartAsync(settings with { More = Listening(own) }, folder, "ingress,router,recorder,console");
        var desk = settings with { Node = "desk", SipPort = 0, More = Listening(other) };
        await using var console = await ServiceProcess.StartAsync(desk, folder, "console");
        await using var load = options.Rate == 0 ? null : SippLoad.Calling("refer", FreePorts.Next(), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{sip}"), options.Rate, 380);

        // The first of each are compiled.
        Line($"commands among {options.Rate} other calls/s, from the HTTP request to the first SIP message:");
        foreach (bool isWarmUp in new[] { true, false })
        {
            foreach (var command in s_commands)
            {
                List<double> atOwn = [], atOther = [], nothing = [];
                for (int given = 0; given < (isWarmUp ? AtOnce : options.Commands); given += AtOnce)
                {
                    foreach (var (address, times) in new[] { (own, atOwn), (other, atOther) })
                    {
                        var (commanded, answered) = await callers.CommandAsync(sip, AtOnce, address, command.Path, command.Json, command.Awaited);
                        times.AddRange(commanded);
                        nothing.AddRange(answered);
                    }
                }
                if (!isWarmUp)
                    Line($"  {command.Name}: at the owner's node {Said(atOwn)}; by way of another {Said(atOther)}; beside them GET /health/live {Said(nothing)}");
            }
        }
        return 0;
    }

    private static string Said(List<double> times)
    {
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {Samples.Percentile(times, 50):F1} ms, p99 {Samples.Percentile(times, 99):F1} ms, longest {times[^1]:F1} ms of {times.Count}");
    }

    private static Uri Http() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}"));

    private static Dictionary<string, string> Listening(Uri address) => new() { ["Http__Listen"] = address.OriginalString };
}
