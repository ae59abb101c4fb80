using EventCalls.Bus.Journal;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Bus.Tests;

/// <summary>With a broker of their own, which is killed some seconds after its queues were made: before that, RabbitMQ itself may lose a quorum queue.</summary>
public sealed class RabbitMqOutageTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>
{
    [Fact]
    public async Task A_broker_killed_and_restarted_in_mid_traffic_loses_nothing()
    {
        var recorder = new Collector<CallEventBatch>();
        var router = new Collector<CallStarted>();
        await using var bus = new EventBus(new BusOptions { RabbitMq = broker.Address, DecisionLifeMs = 60_000 }, "test", NullLoggerFactory.Instance);
        await bus.StartAsync([new BusEndpoint(BusQueues.Recorder, recorder), new BusEndpoint(BusQueues.Router, router)], default);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await using var journal = new CallJournal(bus, new JournalOptions { Source = "test" }, TimeProvider.System, NullLogger<CallJournal>.Instance);
        var started = Enumerable.Range(0, 300).Select(_ => Events.Started()).ToArray();
        var appended = new List<Task>();

        foreach (var (e, i) in started.Select((e, i) => (e, i)))
        {
            appended.Add(journal.AppendAsync([e], default));
            if (i == 100)
                await broker.Server.KillAsync();
            if (i == 200)
                await broker.Server.RestartAsync();
            await Task.Delay(1);
        }
        await Task.WhenAll(appended).WaitAsync(TimeSpan.FromMinutes(2));
        await bus.SendAsync(new CallEventBatch { Source = "last", Count = 0, Payload = [] }, default);
        while (recorder.Messages.All(m => m.Source != "last"))
            await recorder.ArrivedAsync();
        while (router.Messages.Select(m => m.EventId).Distinct().Count() < started.Length)
            await router.ArrivedAsync();

        Assert.Equal(0, journal.Backlog);
        Assert.True(recorder.Messages.Sum(m => m.Count) >= started.Length, "a batch is missing");
        Assert.Equal(started.Select(e => e.EventId).Order(), router.Messages.Select(m => m.EventId).Distinct().Order());
    }

    [Fact]
    public async Task A_queue_is_consumed_again_after_the_broker_was_away_for_long()
    {
        var recorder = new Collector<CallEventBatch>();
        await using var bus = new EventBus(new BusOptions { RabbitMq = broker.Address }, "test", NullLoggerFactory.Instance);
        await bus.StartAsync([new BusEndpoint(BusQueues.Recorder, recorder)], default);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await broker.Server.KillAsync();
        // Long enough that the queue is connected anew, before MassTransit itself looks again.
        await Task.Delay(TimeSpan.FromSeconds(18));
        await broker.Server.RestartAsync();

        await using var journal = new CallJournal(bus, new JournalOptions { Source = "after" }, TimeProvider.System, NullLogger<CallJournal>.Instance);
        await journal.AppendAsync([Events.Ended(Events.Started())], default).WaitAsync(TimeSpan.FromMinutes(1));
        await recorder.ArrivedAsync();
    }

    [Fact]
    public async Task It_is_not_well_while_the_broker_is_away_and_well_again_when_its_queues_are_consumed()
    {
        var recorder = new Collector<CallEventBatch>();
        await using var bus = new EventBus(new BusOptions { RabbitMq = broker.Address }, "test", NullLoggerFactory.Instance);
        await bus.StartAsync([new BusEndpoint(BusQueues.Recorder, recorder), new BusEndpoint(BusQueues.Router, new Collector<CallStarted>())], default);
        await UntilAsync(() => bus.IsConnected);

        await broker.Server.KillAsync();
        await UntilAsync(() => !bus.IsConnected);
        await broker.Server.RestartAsync();
        await UntilAsync(() => bus.IsConnected);

        await bus.SendAsync(new CallEventBatch { Source = "well", Count = 0, Payload = [] }, default).WaitAsync(TimeSpan.FromMinutes(1));
        while (recorder.Messages.All(m => m.Source != "well"))
            await recorder.ArrivedAsync();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition())
            await Task.Delay(50, limit.Token);
    }
}
