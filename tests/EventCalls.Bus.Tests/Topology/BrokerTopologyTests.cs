using EventCalls.Bus.Journal;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace EventCalls.Bus.Tests.Topology;

/// <summary>What must be on the broker, and what happens when it is not there, or there otherwise.</summary>
public class BrokerTopologyTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>, IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly LogLines _log = new();

    private BusOptions Options => new() { RabbitMq = broker.Address, DecisionLifeMs = 60_000, ClaimSeconds = 1 };

    public Task InitializeAsync() => broker.CleanAsync(BusQueues.Recorder, BusQueues.Router, BusQueues.Node("edge-1"), BusQueues.Node("edge-2"));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_no_queue_takes_is_not_confirmed_but_sent_again_when_the_queue_is_there()
    {
        await using var bus = await StartAsync("test");
        await using var journal = new CallJournal(bus, new JournalOptions { Source = "test" }, TimeProvider.System, NullLogger<CallJournal>.Instance);
        await broker.CleanAsync(BusQueues.Recorder, BusQueues.Router);

        await journal.AppendAsync([Events.Started()], default).WaitAsync(s_patience);

        Assert.Equal(1u, await broker.CountAsync(BusQueues.Recorder));
        Assert.Equal(1u, await broker.CountAsync(BusQueues.Router));
        Assert.Single(_log.Of(LogLevel.Warning), l => l.Contains("has no queue for what we send", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_need_subscribe_to_is_confirmed_without_a_queue()
    {
        var everything = new LogLines(everything: true);
        await using var bus = new EventBus(Options, "test", everything);
        await bus.StartAsync([], default).WaitAsync(s_patience);

        await bus.TellAsync(Events.Ended(Events.Started()), default).WaitAsync(s_patience);

        Assert.Empty(everything.Of(LogLevel.Warning));
        Assert.Empty(everything.Of(LogLevel.Error));
    }

    [Fact]
    public async Task A_question_to_the_routers_and_a_notice_to_the_recorder_need_their_queue()
    {
        await using var bus = await StartAsync("test");
        await broker.CleanAsync(BusQueues.Recorder, BusQueues.Router);
        var started = Events.Started();

        await bus.SendAsync(
            new RerouteCall { Started = started, Selected = Events.Selected(started), Failed = Events.Failed(started), Target = "sip:x@y", CallerAnswered = true }, default)
            .WaitAsync(s_patience);
        await bus.SendAsync(new LogicVersionLoaded { Version = "sha256:1", Sources = [], LoadedAt = started.OccurredAt }, default).WaitAsync(s_patience);

        Assert.Equal(1u, await broker.CountAsync(BusQueues.Recorder));
        Assert.Equal(1u, await broker.CountAsync(BusQueues.Router));
    }

    [Fact]
    public async Task A_handoff_waits_for_its_node_and_not_longer_than_it_is_of_use()
    {
        var taken = new Collector<HandoffRequested>();
        await using var router = await StartAsync("router");
        var now = TimeProvider.System.GetUtcNow();
        await using var journal = new CallJournal(router, new JournalOptions { Source = "test" }, TimeProvider.System, NullLogger<CallJournal>.Instance);

        var waiting = journal.AppendAsync([Events.Requested(Events.Started("edge-1")) with { OccurredAt = now }], default);
        await journal.AppendAsync([Events.Requested(Events.Started("edge-2")) with { OccurredAt = now.AddMinutes(-2) }], default).WaitAsync(s_patience);
        Assert.False(waiting.IsCompleted);
        await using var ingress = await StartAsync("edge-1", Node("edge-1", taken));

        await waiting.WaitAsync(s_patience);
        await taken.ArrivedAsync();
        Assert.Contains(_log.Of(LogLevel.Warning), l => l.Contains("the node edge-2 is gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_node_of_one_name_is_refused_and_takes_nothing()
    {
        var first = new Collector<HandoffRequested>();
        await using var one = await StartAsync("edge-1", Node("edge-1", first));

        var refusal = await Assert.ThrowsAsync<BusRefusedException>(() => StartAsync("edge-1", Node("edge-1", new Collector<HandoffRequested>())));
        await using var other = await StartAsync("edge-2", Node("edge-2", new Collector<HandoffRequested>()));
        for (int i = 0; i < 10; i++)
            await other.TellAsync(Events.Requested(Events.Started("edge-1")), default).WaitAsync(s_patience);

        await first.ArrivedAsync(10);
        Assert.Contains("'edge-1'", refusal.Message);
        Assert.Contains("EventCalls:Node", refusal.Message);
    }

    // A node that started while the broker was away waits from before the name was taken.
    [Fact]
    public async Task Who_waits_for_the_loss_of_the_name_before_it_is_taken_waits_for_the_same()
    {
        await using var bus = new EventBus(Options, "edge-1", NullLoggerFactory.Instance);
        var lost = bus.NameLost;
        await bus.StartAsync([Node("edge-1", new Collector<HandoffRequested>())], default).WaitAsync(s_patience);

        Assert.Same(lost, bus.NameLost);
        Assert.False(lost.IsCompleted);
    }

    [Fact]
    public async Task A_name_is_free_as_soon_as_its_node_has_stopped()
    {
        await using (await StartAsync("edge-1", Node("edge-1", new Collector<HandoffRequested>())))
        {
        }

        await using var again = await StartAsync("edge-1", Node("edge-1", new Collector<HandoffRequested>()));

        Assert.Empty(_log.Of(LogLevel.Warning));
    }

    [Fact]
    public async Task A_queue_that_is_there_with_other_arguments_stops_the_start_and_is_named_with_the_remedy()
    {
        await DeclareAsync(BusQueues.Recorder, new Dictionary<string, object?> { ["x-queue-type"] = "classic" });

        var refusal = await Assert.ThrowsAsync<BusRefusedException>(() => StartAsync("test"));

        Assert.Contains($"'{BusQueues.Recorder}'", refusal.Message);
        Assert.Contains("x-queue-type", refusal.Message);
        Assert.Contains("rabbitmqctl delete_queue", refusal.Message);
    }

    [Fact]
    public async Task An_exchange_of_an_earlier_version_stops_the_start_and_is_named_with_the_remedy()
    {
        string exchange = RabbitMqDeclaration.MessageExchange(typeof(CallStarted));
        await using var connection = await BrokerConnection.OpenAsync(Options, default);
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeleteAsync(exchange);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);

        var refusal = await Assert.ThrowsAsync<BusRefusedException>(() => StartAsync("test"));

        await channel.ExchangeDeleteAsync(exchange);
        Assert.Contains($"delete exchange name='{exchange}'", refusal.Message);
        Assert.DoesNotContain("delete_queue", refusal.Message);
    }

    [Fact]
    public async Task A_wrong_password_stops_the_start()
    {
        var options = Options with { RabbitMq = new UriBuilder(broker.Address) { Password = "wrong" }.Uri };
        await using var bus = new EventBus(options, "test", NullLoggerFactory.Instance);

        var refusal = await Assert.ThrowsAsync<BusRefusedException>(() => bus.StartAsync([], default).WaitAsync(s_patience));

        Assert.Contains("EventCalls:Bus:RabbitMq", refusal.Message);
    }

    [Fact]
    public async Task A_virtual_host_that_is_not_there_stops_the_start()
    {
        var options = Options with { RabbitMq = new UriBuilder(broker.Address) { Path = "/nosuch" }.Uri };
        await using var bus = new EventBus(options, "test", NullLoggerFactory.Instance);

        var refusal = await Assert.ThrowsAsync<BusRefusedException>(() => bus.StartAsync([], default).WaitAsync(s_patience));

        Assert.Contains("vhost nosuch not found", refusal.Message);
        Assert.Contains("rabbitmqctl set_permissions", refusal.Message);
    }

    [Fact]
    public async Task The_time_of_redelivery_may_change_on_a_broker_that_has_the_queues()
    {
        var recorder = new Collector<CallEventBatch>(failures: 5);
        await using (await StartAsync("test", new BusEndpoint(BusQueues.Recorder, new Collector<CallEventBatch>())))
        {
        }
        await using var bus = new EventBus(Options with { RedeliverySeconds = 1 }, "test", NullLoggerFactory.Instance);
        await bus.StartAsync([new BusEndpoint(BusQueues.Recorder, recorder)], default).WaitAsync(s_patience);

        await bus.SendAsync(new CallEventBatch { Source = "test", Count = 0, Payload = [] }, default);

        await recorder.ArrivedAsync();
        Assert.Equal(6, recorder.Deliveries);
    }

    [Fact]
    public async Task A_message_that_cannot_be_sent_round_again_because_that_queue_is_gone_is_not_lost()
    {
        var recorder = new Collector<CallEventBatch>(failures: 5);
        await using var bus = new EventBus(Options with { RedeliverySeconds = 1 }, "test", NullLoggerFactory.Instance);
        await bus.StartAsync([new BusEndpoint(BusQueues.Recorder, recorder)], default).WaitAsync(s_patience);
        await DeleteAsync(BusQueues.Redelivery(BusQueues.Recorder));

        await bus.SendAsync(new CallEventBatch { Source = "test", Count = 0, Payload = [] }, default);

        while (await CountOrNoneAsync(BusQueues.Recorder + "_error") == 0 && recorder.Messages.Count == 0)
            await Task.Delay(50);
    }

    [Fact]
    public async Task A_question_that_would_come_back_too_late_does_not_come_back()
    {
        var router = new Collector<CallStarted>(failures: 5);
        await using var bus = new EventBus(Options with { RedeliverySeconds = 1, DecisionLifeMs = 1000 }, "test", NullLoggerFactory.Instance);
        await bus.StartAsync([new BusEndpoint(BusQueues.Router, router) { Life = TimeSpan.FromSeconds(1) }], default).WaitAsync(s_patience);

        await bus.TellAsync(Events.Started(), default).WaitAsync(s_patience);

        while (await CountOrNoneAsync(BusQueues.Router + "_error") == 0)
            await Task.Delay(50);
        Assert.Equal(5, router.Deliveries);
    }

    [Fact]
    public async Task A_consumer_that_stops_finishes_what_it_has_and_leaves_the_rest_to_the_next()
    {
        var gate = new Gate();
        var next = new Collector<CallStarted>();
        await using var stopping = await StartAsync("one", new BusEndpoint(BusQueues.Router, gate) { Concurrency = 1, Prefetch = 5 });
        for (int i = 0; i < 5; i++)
            await stopping.TellAsync(Events.Started(), default).WaitAsync(s_patience);
        await gate.Entered.WaitAsync(s_patience);

        var stopped = stopping.DisconnectAsync(BusQueues.Router, default);
        await using var other = await StartAsync("two", new BusEndpoint(BusQueues.Router, next));
        Assert.False(stopped.IsCompleted);
        gate.Open();

        await stopped.WaitAsync(s_patience);
        await next.ArrivedAsync(5 - gate.Finished);
        Assert.InRange(gate.Finished, 1, 4);
        // It is still connected: what was decided can be sent.
        await stopping.TellAsync(Events.Ended(Events.Started()), default).WaitAsync(s_patience);
    }

    private static BusEndpoint Node(string node, Collector<HandoffRequested> collector) =>
        new(BusQueues.Node(node), collector) { Node = node, Expires = TimeSpan.FromDays(1) };

    private async Task<EventBus> StartAsync(string node, params BusEndpoint[] endpoints)
    {
        var bus = new EventBus(Options, node, _log);
        try
        {
            await bus.StartAsync(endpoints, default).WaitAsync(s_patience);
            return bus;
        }
        catch
        {
            await bus.DisposeAsync();
            throw;
        }
    }

    private async Task DeclareAsync(string queue, Dictionary<string, object?> arguments)
    {
        await using var connection = await BrokerConnection.OpenAsync(Options, default);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments);
    }

    private async Task DeleteAsync(string queue)
    {
        await using var connection = await BrokerConnection.OpenAsync(Options, default);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(queue);
    }

    private async Task<uint> CountOrNoneAsync(string queue)
    {
        try
        {
            return await broker.CountAsync(queue);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return 0;
        }
    }
}
