using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>An ingress that is a router too goes on without the broker: calls reach their targets, and what happened is on record when the broker is back.</summary>
public sealed class DecidingAlone : IDisposable
{
    private const int Calls = 200;
    private const int Rate = 20;
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _spool = Directory.CreateTempSubdirectory("eventcalls-alone-");

    public void Dispose() => _spool.Delete(recursive: true);

    [Fact]
    public async Task The_broker_is_killed_in_the_middle_of_traffic_and_every_call_goes_to_its_target()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        if (!broker.IsOwn)
            return;
        await using var database = await PostgresServer.StartOwnAsync();
        var settings = Settings(broker, database);
        await using var recorder = await EventCallsProcess.StartAsync(Recorder(settings));
        await using var edge = await EventCallsProcess.StartAsync(settings);
        await using var traffic = await Traffic.StartAsync(edge.SipAddress, "killed", Calls, Rate);

        await Task.Delay(TimeSpan.FromSeconds(3));
        await broker.KillAsync();
        await edge.UntilLoggedAsync("is away");
        await Task.Delay(TimeSpan.FromSeconds(3));
        await broker.RestartAsync();
        await edge.UntilLoggedAsync("is back after");

        await MustAllBeReferredAsync(recorder, await traffic.WaitAsync(), Calls);
        Assert.Equal(0, await edge.TerminateAsync());
    }

    [Theory]
    [InlineData("set_vm_memory_high_watermark 0", "set_vm_memory_high_watermark absolute 1GiB")]
    [InlineData("set_disk_free_limit 100000GB", "set_disk_free_limit 50MB")]
    public async Task A_broker_with_an_alarm_blocks_and_every_call_goes_to_its_target(string alarm, string clear)
    {
        await using var broker = await RabbitMqServer.StartAsync();
        if (!broker.IsOwn)
            return;
        await using var database = await PostgresServer.StartOwnAsync();
        var settings = Settings(broker, database);
        await using var recorder = await EventCallsProcess.StartAsync(Recorder(settings));
        await using var edge = await EventCallsProcess.StartAsync(settings);
        await using var traffic = await Traffic.StartAsync(edge.SipAddress, "blocked", Calls, Rate);

        await Task.Delay(TimeSpan.FromSeconds(2));
        await broker.ControlAsync(alarm.Split(' '));
        await edge.UntilLoggedAsync("is away");
        await Task.Delay(TimeSpan.FromSeconds(3));
        var (health, _, exitCode) = await edge.CommandAsync("health");
        Assert.Contains("it blocks publishers", health);
        Assert.Equal(0, exitCode);
        await broker.ControlAsync(clear.Split(' '));
        await edge.UntilLoggedAsync("is back after");

        await MustAllBeReferredAsync(recorder, await traffic.WaitAsync(), Calls);
        Assert.Equal(0, await edge.TerminateAsync());
    }

    [Fact]
    public async Task The_broker_is_away_at_the_start_and_still_at_the_next_one_and_gets_it_all_afterwards()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        if (!broker.IsOwn)
            return;
        await using var database = await PostgresServer.StartOwnAsync();
        var settings = Settings(broker, database);
        await broker.KillAsync();

        var accepted = new HashSet<string>();
        await using (var edge = await EventCallsProcess.StartAsync(settings))
        {
            accepted.UnionWith(await CallsAsync(edge, "first"));
            var (health, _, exitCode) = await edge.CommandAsync("health");
            Assert.Contains("degraded", health);
            Assert.Contains("calls are decided here", health);
            Assert.Equal(0, exitCode);
            await edge.KillAsync();
        }
        await using var again = await EventCallsProcess.StartAsync(settings);
        accepted.UnionWith(await CallsAsync(again, "second"));
        await broker.RestartAsync();
        await using var recorder = await EventCallsProcess.StartAsync(Recorder(settings));
        await again.UntilLoggedAsync("is back after");
        accepted.UnionWith(await CallsAsync(again, "third"));

        await MustAllBeReferredAsync(recorder, accepted);
        // The sources of the logic that decided meanwhile are on record too.
        var logicVersion = (await recorder.CallsAsync("--limit", "1"))[0].LogicVersion;
        var (_, errors, exported) = await recorder.CommandAsync("calls", "explain", accepted.First());
        Assert.True(exported == 0, errors);
        Assert.StartsWith("sha256:", logicVersion);
    }

    [Fact]
    public async Task A_call_whose_target_fails_while_the_broker_is_away_is_decided_again()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        if (!broker.IsOwn)
            return;
        await using var database = await PostgresServer.StartOwnAsync();
        var settings = Settings(broker, database);
        await using var recorder = await EventCallsProcess.StartAsync(Recorder(settings));
        await using var edge = await EventCallsProcess.StartAsync(settings);
        await using var target = await TargetAsync("target-busy", settings.TargetPort);
        await using var second = await TargetAsync("target-answers", settings.SecondPort);
        await broker.KillAsync();

        var result = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File("call-answered"),
            Remote = edge.SipAddress,
            Dial = "bridge_then_ask_again",
            CallIdPrefix = "again",
        });
        result.MustSucceed();
        var seen = (await second.WaitAsync()).MustSucceed();
        Assert.Equal("Busy", seen.Received.First(m => m.Method == "INVITE").Header("X-Last-Outcome"));
        await broker.RestartAsync();

        var call = await recorder.EndedCallAsync("again-1@127.0.0.1", s_catchUp);
        Assert.Equal(["invite busy", "invite answered"], call.Outcomes);
        Assert.Equal(2, call.Events.Count(e => e.Type == "flow_selected"));
        Assert.Equal(2, call.Events.Count(e => e.Type == "handoff_requested"));
    }

    [Fact]
    public async Task A_node_that_stops_without_its_broker_says_what_it_keeps_and_the_next_one_brings_it()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        if (!broker.IsOwn)
            return;
        await using var database = await PostgresServer.StartOwnAsync();
        var settings = Settings(broker, database);
        await broker.KillAsync();
        HashSet<string> accepted;
        await using (var edge = await EventCallsProcess.StartAsync(settings))
        {
            accepted = await CallsAsync(edge, "kept");
            Assert.Equal(3, await edge.TerminateAsync());
            Assert.Contains("are owed to the broker", edge.Describe());
        }
        await broker.RestartAsync();
        // Whatever is configured by then.
        var byDefault = settings with { More = new Dictionary<string, string>(settings.More) { ["Routing__WhenBusIsAway"] = "default" } };
        await using var again = await EventCallsProcess.StartAsync(byDefault);
        await using var recorder = await EventCallsProcess.StartAsync(Recorder(settings));

        await MustAllBeReferredAsync(recorder, accepted);
    }

    private EventCallsSettings Settings(RabbitMqServer broker, PostgresServer database) => EventCallsSettings.Over(broker, database) with
    {
        Roles = "ingress,router",
        More = new Dictionary<string, string>
        {
            ["Store__Spool"] = _spool.FullName,
            ["Health__Socket"] = Path.Combine(_spool.FullName, "health.sock"),
            // So that what is late is not so because the machine is loaded.
            ["Routing__DeadlineMs"] = "20000",
        },
    };

    private static EventCallsSettings Recorder(EventCallsSettings settings) => settings with
    {
        Roles = "recorder",
        Node = "recorder-1",
        SipPort = 0,
        More = new Dictionary<string, string>(),
    };

    private static Task<SippRun> TargetAsync(string scenario, int port) => SippRun.StartAsync(new SippOptions
    {
        Scenario = Scenarios.File(scenario),
        Port = port,
        ReceiveTimeoutMs = 60_000,
        Timeout = TimeSpan.FromSeconds(90),
    });

    private static async Task<HashSet<string>> CallsAsync(EventCallsProcess edge, string prefix)
    {
        await using var traffic = await Traffic.StartAsync(edge.SipAddress, prefix, 30, Rate);
        var accepted = Traffic.Accepted((await traffic.WaitAsync()).MustSucceed());
        Assert.Equal(30, accepted.Count);
        return accepted;
    }

    private static async Task MustAllBeReferredAsync(EventCallsProcess recorder, SippResult result, int calls)
    {
        var accepted = Traffic.Accepted(result.MustSucceed());
        Assert.Equal(calls, accepted.Count);
        await MustAllBeReferredAsync(recorder, accepted);
    }

    private static async Task MustAllBeReferredAsync(EventCallsProcess recorder, HashSet<string> accepted)
    {
        foreach (var stream in await Traffic.MustBeOnRecordAsync(recorder, accepted, s_catchUp))
        {
            Assert.True(stream.Outcomes.SequenceEqual(["refer answered"]), $"It did not go to its target:\n{stream}");
            // One decision, and one that acted.
            stream.Only("flow_selected");
            stream.Only("handoff_requested");
            stream.Only("transfer_started");
        }
    }
}
