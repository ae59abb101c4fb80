using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Bus.Tests.Topology;

public sealed class DirectDeliveryTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly List<CallEvent> _overBus = [];

    [Fact]
    public async Task A_message_of_this_process_is_handed_over_as_it_is_and_not_sent()
    {
        var consumed = new TaskCompletionSource<CallEvent>();
        var direct = Direct<CallStarted>(1, (started, _) =>
        {
            consumed.SetResult(started);
            return Task.CompletedTask;
        });
        var overBus = new Collector<CallStarted>();
        await using var bus = await StartAsync(new BusEndpoint(BusQueues.Router, overBus) { Direct = direct });
        var started = Events.Started();

        Assert.True(bus.HandOver(started));
        await bus.TellAsync(started, isActedOn: true, default);

        Assert.Same(started, await consumed.Task.WaitAsync(s_patience));
        Assert.Equal(0, overBus.Deliveries);
    }

    [Fact]
    public async Task What_cannot_be_consumed_comes_again_over_the_bus()
    {
        var overBus = new Collector<CallStarted>(failures: 1);
        var direct = Direct<CallStarted>(1, (_, _) => throw new InvalidOperationException("this delivery fails"));
        await using var bus = await StartAsync(new BusEndpoint(BusQueues.Router, overBus) { Direct = direct });
        var started = Events.Started();

        Assert.True(bus.HandOver(started));
        await overBus.ArrivedAsync();

        Assert.Equal(started.EventId, Assert.Single(overBus.Messages).EventId);
        Assert.Equal(2, overBus.Deliveries);
    }

    [Fact]
    public async Task A_message_that_two_queues_take_comes_to_both()
    {
        var one = new Collector<CallStarted>();
        var two = new Collector<CallStarted>();
        await using var bus = await StartAsync(
            new BusEndpoint(BusQueues.Router, one) { Direct = Direct<CallStarted>(1, (_, _) => Task.CompletedTask) },
            new BusEndpoint("another", two) { Direct = Direct<CallStarted>(1, (_, _) => Task.CompletedTask) });

        var started = Events.Started();
        Assert.False(bus.HandOver(started));
        await bus.TellAsync(started, default);

        await one.ArrivedAsync();
        await two.ArrivedAsync();
    }

    [Fact]
    public async Task No_more_are_consumed_at_once_than_may_be_and_the_others_wait_in_order()
    {
        var places = new List<TaskCompletionSource>();
        var begun = new List<CallEvent>();
        var direct = Direct<CallStarted>(2, (started, _) =>
        {
            begun.Add(started);
            places.Add(new TaskCompletionSource());
            return places[^1].Task;
        });
        var calls = Enumerable.Range(0, 4).Select(_ => Events.Started()).ToList();

        foreach (var call in calls)
            Assert.True(direct.TryDeliver(call, OverBusAsync));
        Assert.Equal(calls.Take(2), begun);
        places[0].SetResult();
        await UntilAsync(() => begun.Count == 3);
        places[1].SetResult();
        await UntilAsync(() => begun.Count == 4);

        Assert.Equal(calls, begun);
        Assert.Empty(_overBus);
    }

    [Fact]
    public void What_is_too_much_here_goes_to_others_where_there_are_any()
    {
        var begun = new List<CallEvent>();
        var direct = new DirectDelivery(typeof(CallStarted), 2, (started, _) => Begin(begun, started), NullLogger.Instance) { IsShared = true };

        Assert.True(direct.TryDeliver(Events.Started(), OverBusAsync));
        Assert.True(direct.TryDeliver(Events.Started(), OverBusAsync));
        Assert.False(direct.TryDeliver(Events.Started(), OverBusAsync));

        Assert.Equal(2, begun.Count);
        Assert.Empty(_overBus);

        static Task Begin(List<CallEvent> begun, CallEvent e)
        {
            begun.Add(e);
            return new TaskCompletionSource().Task;
        }
    }

    [Fact]
    public void What_is_for_another_node_goes_over_the_bus()
    {
        var direct = new DirectDelivery(typeof(HandoffRequested), 1, (_, _) => Task.CompletedTask, NullLogger.Instance) { Node = "edge-1" };

        Assert.False(direct.TryDeliver(Events.Requested(Events.Started("edge-2")), OverBusAsync));
        Assert.True(direct.TryDeliver(Events.Requested(Events.Started("edge-1")), OverBusAsync));
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_being_consumed_and_takes_no_more()
    {
        var consuming = new TaskCompletionSource();
        var direct = Direct<CallStarted>(1, (_, _) => consuming.Task);
        Assert.True(direct.TryDeliver(Events.Started(), OverBusAsync));

        var stopped = direct.StopAsync(default);

        Assert.False(direct.TryDeliver(Events.Started(), OverBusAsync));
        Assert.False(stopped.IsCompleted);
        consuming.SetResult();
        await stopped.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_stop_that_may_wait_no_longer_cancels_what_is_being_consumed()
    {
        var cancelled = new TaskCompletionSource();
        var direct = Direct<CallStarted>(1, async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => cancelled.SetResult(), TaskScheduler.Default);
            token.ThrowIfCancellationRequested();
        });
        Assert.True(direct.TryDeliver(Events.Started(), OverBusAsync));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => direct.StopAsync(new CancellationToken(canceled: true)));

        await cancelled.Task.WaitAsync(s_patience);
        Assert.Empty(_overBus);
    }

    [Fact]
    public async Task A_queue_that_is_consumed_no_more_gets_nothing_directly_either()
    {
        int consumed = 0;
        var direct = Direct<CallStarted>(1, (_, _) =>
        {
            consumed++;
            return Task.CompletedTask;
        });
        await using var bus = await StartAsync(new BusEndpoint(BusQueues.Router, new Collector<CallStarted>()) { Direct = direct });

        await bus.DisconnectAsync(BusQueues.Router, default).WaitAsync(s_patience);

        Assert.False(bus.HandOver(Events.Started()));
        Assert.Equal(0, consumed);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        long since = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < s_patience);
            await Task.Yield();
        }
    }

    private static DirectDelivery Direct<T>(int concurrency, Func<T, CancellationToken, Task> consume)
        where T : CallEvent => new(typeof(T), concurrency, (e, token) => consume((T)e, token), NullLogger.Instance);

    private static async Task<EventBus> StartAsync(params BusEndpoint[] endpoints)
    {
        var bus = new EventBus(new BusOptions(), "test", NullLoggerFactory.Instance);
        await bus.StartAsync(endpoints, default).WaitAsync(s_patience);
        return bus;
    }

    private Task OverBusAsync(CallEvent e, CancellationToken cancellationToken)
    {
        _overBus.Add(e);
        return Task.CompletedTask;
    }
}
