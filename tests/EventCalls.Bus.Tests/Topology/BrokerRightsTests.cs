using System.Text.Json;
using System.Text.RegularExpressions;
using EventCalls.Bus.Journal;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Bus.Tests.Topology;

/// <summary>The rights of docs/broker.md, given to users of a real broker: each role can do what it does, and not what others do.</summary>
public sealed partial class BrokerRightsTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>
{
    private const string Password = "a-password-of-a-test";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Each_role_runs_with_the_rights_that_are_documented_for_it_and_a_recorder_can_publish_no_handoff()
    {
        await UsersAsync();
        var recorded = new Collector<CallEventBatch>();
        var asked = new Collector<CallStarted>();
        var handed = new Collector<HandoffRequested>();
        await using var recorder = await StartAsync("recorder", new BusEndpoint(BusQueues.Recorder, recorded, new Collector<LogicVersionLoaded>()));
        await using var router = await StartAsync("router", new BusEndpoint(BusQueues.Router, asked, new Collector<RerouteCall>()));
        await using var ingress = await StartAsync("ingress", new BusEndpoint(BusQueues.Node("edge-1"), handed) { Node = "edge-1", Expires = TimeSpan.FromDays(1) });
        var started = Events.Started("edge-1");

        await AppendAsync(ingress, started);
        await asked.ArrivedAsync();
        await AppendAsync(router, Events.Selected(started), Events.Requested(started));
        await handed.ArrivedAsync();
        await AppendAsync(ingress, Events.Attempt(started), Events.Failed(started), Events.Ended(started));
        await router.SendAsync(new LogicVersionLoaded { Version = "sha256:1", Sources = [], LoadedAt = started.OccurredAt }, default).WaitAsync(s_patience);
        await recorded.ArrivedAsync(3);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<Exception>(() => recorder.TellAsync(Events.Requested(started), limit.Token));
        Assert.Single(handed.Messages);
    }

    private static async Task AppendAsync(EventBus bus, params CallEvent[] events)
    {
        await using var journal = new CallJournal(bus, new JournalOptions { Source = "test" }, TimeProvider.System, NullLogger<CallJournal>.Instance);
        await journal.AppendAsync(events, default).WaitAsync(s_patience);
    }

    private async Task<EventBus> StartAsync(string role, BusEndpoint endpoint)
    {
        var address = new UriBuilder(broker.Address) { UserName = $"test-{role}", Password = Password }.Uri;
        var bus = new EventBus(new BusOptions { RabbitMq = address, DecisionLifeMs = 60_000 }, role, NullLoggerFactory.Instance);
        await bus.StartAsync([endpoint], default).WaitAsync(s_patience);
        return bus;
    }

    private async Task UsersAsync()
    {
        var rights = Rights().Matches(await File.ReadAllTextAsync(Documentation())).Select(m => (
            User: $"test-{m.Groups["role"].Value}",
            Patterns: m.Groups["pattern"].Captures.Select(c => c.Value.Replace("\\|", "|", StringComparison.Ordinal).Replace("NODE", "edge-1", StringComparison.Ordinal)).ToList())).ToList();
        Assert.Equal(["test-recorder", "test-router", "test-ingress"], rights.Select(r => r.User));
        string file = Path.Combine(Path.GetTempPath(), $"eventcalls-rights-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            users = rights.Select(r => new { name = r.User, password = Password, tags = "" }),
            permissions = rights.Select(r => new { user = r.User, vhost = "/", configure = r.Patterns[0], write = r.Patterns[1], read = r.Patterns[2] }),
        }));
        try
        {
            await broker.Server.ControlAsync("import_definitions", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Documentation()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "EventCalls.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "docs", "broker.md");
    }

    [GeneratedRegex(@"^\| (?<role>recorder|router|ingress) (\| `(?<pattern>\^[^`]+)` ){3}\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Rights();
}
