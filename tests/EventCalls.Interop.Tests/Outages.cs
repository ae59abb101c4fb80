using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>What dies in the middle of traffic: every accepted call is on record afterwards, whole, and none twice.</summary>
public class Outages
{
    private const int Calls = 200;
    private const int Rate = 20;
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_broker_is_killed_and_restarted()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        if (!broker.IsOwn)
            return;
        await using var database = await PostgresServer.StartOwnAsync();
        await using var service = await EventCallsProcess.StartAsync(EventCallsSettings.Over(broker, database));
        // A broker that is killed within seconds of making a quorum queue may lose it.
        await Task.Delay(TimeSpan.FromSeconds(5));
        await using var traffic = await Traffic.StartAsync(service.SipAddress, "broker", Calls, Rate);

        await Task.Delay(TimeSpan.FromSeconds(3));
        await broker.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        await broker.RestartAsync();
        var result = await traffic.WaitAsync();

        Assert.False(service.Exited.IsCompleted, service.Describe());
        await Traffic.MustBeOnRecordAsync(service, Traffic.Accepted(result), s_catchUp);
        await TheNextCallIsRoutedAsync(service);
    }

    [Fact]
    public async Task The_database_is_killed_and_restarted_and_calls_go_on_being_routed()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var database = await PostgresServer.StartOwnAsync();
        await using var service = await EventCallsProcess.StartAsync(EventCallsSettings.Over(broker, database));
        await using var traffic = await Traffic.StartAsync(service.SipAddress, "database", Calls, Rate);

        await Task.Delay(TimeSpan.FromSeconds(3));
        await database.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(4));
        await database.StartAgainAsync();
        var result = await traffic.WaitAsync();

        // Nobody on the call path reads the store.
        Assert.Equal(Calls, result.MustSucceed().Successful);
        var accepted = Traffic.Accepted(result);
        Assert.Equal(Calls, accepted.Count);
        var streams = await Traffic.MustBeOnRecordAsync(service, accepted, s_catchUp);
        Assert.All(streams, stream => Assert.Equal(["refer answered"], stream.Outcomes));
    }

    [Fact]
    public async Task One_of_two_routers_is_killed()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var database = await PostgresServer.StartOwnAsync();
        // Long enough that a busy machine decides in time: what is shown here is who decides.
        var settings = EventCallsSettings.Over(broker, database) with { More = new Dictionary<string, string> { ["Routing__DeadlineMs"] = "10000" } };
        await using var recorder = await EventCallsProcess.StartAsync(settings.As("recorder", "recorder-1"));
        await using var router = await EventCallsProcess.StartAsync(settings.As("router", "router-1"));
        await using var other = await EventCallsProcess.StartAsync(settings.As("router", "router-2"));
        await using var ingress = await EventCallsProcess.StartAsync(settings with { Roles = "ingress" });
        await using var traffic = await Traffic.StartAsync(ingress.SipAddress, "router", Calls, Rate);

        await Task.Delay(TimeSpan.FromSeconds(4));
        await router.KillAsync();
        var result = await traffic.WaitAsync();

        Assert.Equal(Calls, result.MustSucceed().Successful);
        var accepted = Traffic.Accepted(result);
        Assert.Equal(Calls, accepted.Count);
        var streams = await Traffic.MustBeOnRecordAsync(recorder, accepted, s_catchUp);
        // A decision that died with its router was taken by the other one; at the very worst the deadline came first.
        Assert.InRange(streams.Count(s => s.Outcomes.SequenceEqual(["refer answered"])), Calls - 5, Calls);
    }

    [Fact]
    public async Task A_recorder_that_is_killed_catches_up_when_it_is_started_again()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var database = await PostgresServer.StartOwnAsync();
        var settings = EventCallsSettings.Over(broker, database);
        await using var edge = await EventCallsProcess.StartAsync(settings with { Roles = "ingress,router" });
        await using (var recorder = await EventCallsProcess.StartAsync(settings.As("recorder", "recorder-1")))
        {
            await using var traffic = await Traffic.StartAsync(edge.SipAddress, "recorder", Calls / 2, Rate);
            await Task.Delay(TimeSpan.FromSeconds(2));
            await recorder.KillAsync();
            var result = await traffic.WaitAsync();
            Assert.Equal(Calls / 2, result.MustSucceed().Successful);

            await using var again = await EventCallsProcess.StartAsync(settings.As("recorder", "recorder-1"));
            await Traffic.MustBeOnRecordAsync(again, Traffic.Accepted(result), s_catchUp);
        }
    }

    private static async Task TheNextCallIsRoutedAsync(EventCallsProcess service)
    {
        var result = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File("refer-answered"),
            Remote = service.SipAddress,
            Dial = "refer",
            CallIdPrefix = "next",
        });
        result.MustSucceed();
        Assert.Equal(["refer answered"], (await service.EndedCallAsync("next-1@127.0.0.1")).Outcomes);
    }
}
