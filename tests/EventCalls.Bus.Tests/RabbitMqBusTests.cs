using EventCalls.Bus.Sending;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;

namespace EventCalls.Bus.Tests;

public class RabbitMqBusTests(RabbitMqFixture broker) : BusTests, IClassFixture<RabbitMqFixture>, IAsyncLifetime
{
    private protected override BusOptions Options => new() { RabbitMq = broker.Address, RedeliverySeconds = 1, Redeliveries = 1, DecisionLifeMs = 60_000 };

    public Task InitializeAsync() => broker.CleanAsync(BusQueues.Recorder, BusQueues.Heartbeats, BusQueues.Router, BusQueues.Node("edge-1"), BusQueues.Node("edge-1.b"));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Two_routers_share_the_calls()
    {
        var one = new Collector<CallStarted>();
        var two = new Collector<CallStarted>();
        await using var first = await StartAsync(new BusEndpoint(BusQueues.Router, one) { Prefetch = 1, Concurrency = 1 });
        await using var second = await StartAsync(new BusEndpoint(BusQueues.Router, two) { Prefetch = 1, Concurrency = 1 });

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => first.TellAsync(Events.Started(), default)));
        await BothAsync(one, two, 40);

        Assert.NotEmpty(one.Messages);
        Assert.NotEmpty(two.Messages);
        Assert.Equal(40, one.Messages.Concat(two.Messages).Select(m => m.EventId).Distinct().Count());
    }

    [Fact]
    public async Task A_connection_on_which_nothing_is_confirmed_is_made_anew_when_another_gets_its_confirmation()
    {
        var log = new LogLines(everything: true);
        var recorder = new Collector<CallEventBatch>();
        await using var bus = new EventBus(Options, "test", log);
        await bus.StartAsync([new BusEndpoint(BusQueues.Recorder, recorder)], default).WaitAsync(Patience);
        await bus.SendAsync(Batch(), default).WaitAsync(Patience);

        await bus.Connection!.LookAsync().WaitAsync(Patience);
        // Seen by the connection's end; what is sent then goes over another one.
        using var limit = new CancellationTokenSource(Patience);
        while (bus.IsConnected)
            await Task.Delay(10, limit.Token);
        await bus.SendAsync(Batch(), default).WaitAsync(Patience);
        while (recorder.Messages.Count < 2)
            await recorder.ArrivedAsync();

        Assert.Contains(log.Of(Microsoft.Extensions.Logging.LogLevel.Warning), line => line.Contains("is ended and made anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_for_a_decision_is_dropped_when_it_is_of_no_use_any_more()
    {
        await using var bus = new EventBus(Options with { DecisionLifeMs = 1 }, "test", Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        await bus.StartAsync([], default).WaitAsync(Patience);

        await bus.TellAsync(Events.Started(), default);
        await bus.SendAsync(Batch(), default);

        using var limit = new CancellationTokenSource(Patience);
        while (await broker.CountAsync(BusQueues.Router) > 0)
            await Task.Delay(20, limit.Token);
        Assert.Equal(1u, await broker.CountAsync(BusQueues.Recorder));
    }

    [Fact]
    public async Task What_a_process_acts_on_itself_reaches_those_who_want_to_know_and_none_of_our_queues()
    {
        var decided = new TaskCompletionSource<CallEvent>();
        var taken = new TaskCompletionSource<CallEvent>();
        var asked = new Collector<CallStarted>();
        var given = new Collector<HandoffRequested>();
        await using var bus = await StartAsync(
            new BusEndpoint(BusQueues.Router, asked) { Direct = Direct<CallStarted>(decided) },
            Node("edge-1", given) with { Direct = Direct<HandoffRequested>(taken) });
        await using var listener = await SubscribeAsync();
        await using var journal = Journal(bus);
        var started = Events.Started("edge-1");
        var ended = Events.Ended(started);

        await journal.AppendAsync([started], default).WaitAsync(Patience);
        await journal.AppendAsync([Events.Requested(started)], default).WaitAsync(Patience);
        await journal.AppendAsync([ended], default).WaitAsync(Patience);

        Assert.Same(started, await decided.Task.WaitAsync(Patience));
        await taken.Task.WaitAsync(Patience);
        Assert.Equal(["call_ended", "call_started acted on", "handoff_requested acted on"], (await listener.ReadAsync(3)).Order());
        Assert.Equal(0, asked.Deliveries + given.Deliveries);
    }

    [Fact]
    public async Task Nothing_is_sent_to_nobody_and_who_subscribes_is_noticed()
    {
        await using var bus = await StartAsync();
        for (int i = 0; i < 20; i++)
            await bus.TellAsync(Events.Ended(Events.Started()), default).WaitAsync(Patience);

        await using var listener = await SubscribeAsync();
        await Task.Delay(Audience.Notice);
        // All at once: the first is sent to see, and the others must not be passed over meanwhile.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => bus.TellAsync(Events.Ended(Events.Started()), default))).WaitAsync(Patience);

        Assert.Equal(Enumerable.Repeat("call_ended", 40), await listener.ReadAsync(40));
    }

    [Fact]
    public async Task A_full_queue_of_somebody_who_only_wants_to_know_stops_nothing()
    {
        var log = new LogLines(everything: true);
        var router = new Collector<CallStarted>();
        await using var bus = new EventBus(Options, "test", log);
        await bus.StartAsync([new BusEndpoint(BusQueues.Router, router)], default).WaitAsync(Patience);
        await using var listener = await SubscribeAsync(full: true);
        await using var journal = Journal(bus);
        var calls = Enumerable.Range(0, 20).Select(_ => Events.Started()).ToList();

        await Task.WhenAll(calls.Select(c => journal.AppendAsync([c], default))).WaitAsync(TimeSpan.FromSeconds(20));
        await Task.WhenAll(calls.Select(c => journal.AppendAsync([Events.Ended(c)], default))).WaitAsync(TimeSpan.FromSeconds(20));

        await router.ArrivedAsync();
        Assert.Equal(0, journal.Backlog);
        Assert.Single(log.Of(Microsoft.Extensions.Logging.LogLevel.Warning), l => l.Contains("refuses it", StringComparison.Ordinal));
        Assert.Empty(log.Of(Microsoft.Extensions.Logging.LogLevel.Error));
    }

    private static DirectDelivery Direct<T>(TaskCompletionSource<CallEvent> taken)
        where T : CallEvent => new(typeof(T), 16, (e, _) =>
        {
            taken.TrySetResult(e);
            return Task.CompletedTask;
        }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    private async Task<Listener> SubscribeAsync(bool full = false)
    {
        var listener = new Listener(await BrokerConnection.OpenAsync(Options, default), full);
        await listener.BindAsync(typeof(CallStarted), typeof(HandoffRequested), typeof(CallEnded));
        return listener;
    }

    private static async Task BothAsync(Collector<CallStarted> one, Collector<CallStarted> two, int count)
    {
        for (int tries = 0; one.Messages.Count + two.Messages.Count < count && tries < 600; tries++)
            await Task.Delay(50);
        Assert.Equal(count, one.Messages.Count + two.Messages.Count);
    }
}
