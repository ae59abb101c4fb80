using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>What happens to queues, routers and node names on the broker while calls come in.</summary>
public class BrokerOutages
{
    private const int Calls = 200;
    private const int Rate = 40;
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_whose_queue_is_gone_wait_for_it_and_none_is_lost(bool wholeBroker)
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var database = await PostgresServer.StartOwnAsync();
        var settings = EventCallsSettings.Over(broker, database);
        await using var edge = await EventCallsProcess.StartAsync(settings with { Roles = "ingress,router" });
        await using (var recorder = await EventCallsProcess.StartAsync(settings.As("recorder", "recorder-1")))
            await recorder.TerminateAsync();
        if (wholeBroker)
            await broker.RestartEmptyAsync();
        else
            await broker.ControlAsync("delete_queue", "eventcalls-recorder");

        await using var traffic = await Traffic.StartAsync(edge.SipAddress, "gone", Calls, Rate);
        var result = await traffic.WaitAsync();
        await using var again = await EventCallsProcess.StartAsync(settings.As("recorder", "recorder-1"));

        await Traffic.MustBeOnRecordAsync(again, Traffic.Accepted(result), s_catchUp);
        if (!wholeBroker)
            Assert.Contains("has no queue for what we send", edge.Describe());
    }

    [Fact]
    public async Task A_router_that_is_told_to_stop_finishes_what_it_decides_and_leaves_the_rest_to_the_other_one()
    {
        await using var webhook = new SlowWebhook(TimeSpan.FromMilliseconds(300));
        await using var broker = await RabbitMqServer.StartAsync();
        await using var database = await PostgresServer.StartOwnAsync();
        // Time enough for any decision, but not for one that is sent round again, 30 s later.
        var settings = EventCallsSettings.Over(broker, database) with
        {
            Webhook = webhook.Url,
            More = new Dictionary<string, string> { ["Routing__DeadlineMs"] = "20000", ["Routing__Webhook__TimeoutMs"] = "15000" },
        };
        await using var recorder = await EventCallsProcess.StartAsync(settings.As("recorder", "recorder-1"));
        await using var router = await EventCallsProcess.StartAsync(settings.As("router", "router-1"));
        await using var other = await EventCallsProcess.StartAsync(settings.As("router", "router-2"));
        await using var ingress = await EventCallsProcess.StartAsync(settings with { Roles = "ingress" });
        await using var traffic = await Traffic.StartAsync(ingress.SipAddress, "stopped", Calls, Rate);

        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(0, await router.TerminateAsync());
        var result = await traffic.WaitAsync();

        Assert.DoesNotContain("will be delivered again", router.Describe());
        await MustBeDecidedAsync(recorder, result.MustSucceed(), atLeast: Calls);
    }

    [Fact]
    public async Task A_router_that_freezes_keeps_no_call_past_its_deadline()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var database = await PostgresServer.StartOwnAsync();
        // Longer than a call waits by default, so that only what hangs behind the frozen router is late on a loaded machine; the broker gives that router up later still.
        var settings = EventCallsSettings.Over(broker, database) with { More = new Dictionary<string, string> { ["Routing__DeadlineMs"] = "8000" } };
        await using var recorder = await EventCallsProcess.StartAsync(settings.As("recorder", "recorder-1"));
        await using var router = await EventCallsProcess.StartAsync(settings.As("router", "router-1"));
        await using var other = await EventCallsProcess.StartAsync(settings.As("router", "router-2"));
        await using var ingress = await EventCallsProcess.StartAsync(settings with { Roles = "ingress" });
        await using var traffic = await Traffic.StartAsync(ingress.SipAddress, "frozen", Calls, Rate / 2);

        await Task.Delay(TimeSpan.FromSeconds(3));
        router.Freeze();
        var result = await traffic.WaitAsync();
        router.Thaw();

        // A loaded machine may let one deadline pass; the frozen router alone took sixty with it.
        await MustBeDecidedAsync(recorder, result.MustSucceed(), atLeast: Calls - 5);
    }

    [Fact]
    public async Task A_second_node_of_one_name_is_refused_and_a_killed_one_comes_up_again()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var database = await PostgresServer.StartOwnAsync();
        var settings = EventCallsSettings.Over(broker, database);
        await using var first = await EventCallsProcess.StartAsync(settings);
        var second = settings with { Roles = "ingress", SipPort = FreePorts.Next() };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => EventCallsProcess.StartAsync(second));
        Assert.Contains("ended with 2", error.Message);
        Assert.Contains("EventCalls:Node", error.Message);

        await using var traffic = await Traffic.StartAsync(first.SipAddress, "named", 40, Rate);
        await MustBeDecidedAsync(first, (await traffic.WaitAsync()).MustSucceed(), atLeast: 40);
        await first.KillAsync();
        await using var again = await EventCallsProcess.StartAsync(settings);
        Assert.DoesNotContain("is taken on", again.Describe());
    }

    private static async Task MustBeDecidedAsync(EventCallsProcess recorder, SippResult result, int atLeast)
    {
        var accepted = Traffic.Accepted(result);
        var streams = await Traffic.MustBeOnRecordAsync(recorder, accepted, s_catchUp);
        int decided = streams.Count(s => s.Outcomes.SequenceEqual(["refer answered"]));
        Assert.True(decided >= atLeast, $"{decided} of {accepted.Count} calls were decided in time; one that was not:\n{streams.FirstOrDefault(s => !s.Outcomes.SequenceEqual(["refer answered"]))}");
    }
}
