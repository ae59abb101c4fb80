using System.Buffers;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Store.Recording;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Store.Tests.Recording;

/// <summary>The recorder's consumers on MassTransit's in-memory bus: each succeeds, is delivered to again, and faults.</summary>
public sealed class ConsumerTests : RecorderTest
{
    private static readonly DateTimeOffset s_noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ProbedQueue _probed = new((_, _) => Task.CompletedTask, new LostNodeOptions(), new ManualClock(s_noon));

    [Fact]
    public Task A_batch_is_stored_and_a_batch_delivered_again_changes_nothing() => WithBusAsync(async harness =>
    {
        var call = Calls.Bridged();
        await harness.Bus.Publish(Batch(call));
        await harness.Bus.Publish(Batch(call));
        await ConsumedTwiceAsync<CallEventBatchConsumer, CallEventBatch>(harness);
        Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
        Assert.False(await harness.Published.Any<Fault<CallEventBatch>>(new CancellationTokenSource(10).Token));
    });

    [Fact]
    public Task A_small_batch_that_overtakes_a_large_one_leaves_the_stream_in_order() => WithBusAsync(async harness =>
    {
        var call = Calls.BridgedInOrder();
        await Store.AppendAsync(Message(call[..4]), None);
        await harness.Bus.Publish(Batch([.. Enumerable.Range(0, 1_000).SelectMany(_ => Calls.Bridged()), call[4]]));
        await harness.Bus.Publish(Batch(call[5..]));
        while ((await IdsOfAsync(call[0].CallId)).Count < call.Count)
            await Task.Delay(5);
        Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
    });

    [Theory]
    [InlineData("call_parked {}\n", "call_parked")]
    [InlineData("call_started {\"eventId\":1}\n", "Line 1 of")]
    [InlineData("\n", "no name")]
    [InlineData("call_started \xff\xfe\n", "Line 1 of")]
    public Task A_batch_with_a_line_that_is_no_event_faults_and_its_events_are_stored(string line, string reason) => WithBusAsync(async harness =>
    {
        var call = Calls.Bridged();
        var good = Batch(call);
        await harness.Bus.Publish(good with { Count = 10, Payload = [.. Encoding.Latin1.GetBytes(line), .. good.Payload] });
        await harness.Bus.Publish(Batch(Calls.Bridged()));

        var fault = (await harness.Published.SelectAsync<Fault<CallEventBatch>>().First()).Context.Message;
        Assert.Equal(typeof(UnreadableEventException).FullName, fault.Exceptions.Single().ExceptionType);
        Assert.Contains("edge-1", fault.Exceptions.Single().Message);
        Assert.Contains(reason, fault.Exceptions.Single().Message);
        Assert.Equal(9, (await IdsOfAsync(call[0].CallId)).Count);
    });

    [Fact]
    public Task A_batch_that_holds_fewer_events_than_it_says_faults() => WithBusAsync(async harness =>
    {
        await harness.Bus.Publish(Batch(Calls.Bridged()) with { Count = 10 });
        Assert.Contains("holds 9", (await harness.Published.SelectAsync<Fault<CallEventBatch>>().First()).Context.Message.Exceptions.Single().Message);
    });

    [Fact]
    public async Task A_batch_whose_cause_does_not_come_faults_by_its_type_so_that_the_bus_can_deliver_it_again()
    {
        await WithBusAsync(
            async harness =>
            {
                await harness.Bus.Publish(Batch(Calls.Bridged()[1..]));
                var fault = (await harness.Published.SelectAsync<Fault<CallEventBatch>>().First()).Context.Message;
                Assert.Equal(typeof(CauseNotStoredException).FullName, fault.Exceptions.Single().ExceptionType);
            },
            Options with { CauseTimeout = TimeSpan.FromMilliseconds(10) });
    }

    [Fact]
    public Task A_heartbeat_is_kept_and_one_delivered_again_changes_nothing() => WithBusAsync(async harness =>
    {
        var heartbeat = new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon, At = s_noon.AddSeconds(5) };
        await harness.Bus.Publish(heartbeat);
        await harness.Bus.Publish(heartbeat);
        await ConsumedTwiceAsync<NodeHeartbeatConsumer, NodeHeartbeat>(harness);
        Assert.Equal(new NodeStatus(heartbeat, s_noon), Assert.Single(await Store.ListNodesAsync(None)));
    });

    [Fact]
    public Task A_heartbeat_waits_while_the_store_is_down_and_is_kept_when_it_is_up_again() => WithBusAsync(async harness =>
    {
        int tries = 0;
        Store.Before = _ => ++tries <= 3 ? throw GatedStore.Down : Task.CompletedTask;
        var heartbeat = new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon, At = s_noon };
        await harness.Bus.Publish(heartbeat);
        await harness.Bus.Publish(heartbeat);
        await ConsumedTwiceAsync<NodeHeartbeatConsumer, NodeHeartbeat>(harness);
        Assert.Equal(heartbeat, Assert.Single(await Store.ListNodesAsync(None)).Heartbeat);
        Assert.True(tries > 3);
    });

    [Fact]
    public Task A_heartbeat_that_cannot_be_kept_for_another_reason_faults() => WithBusAsync(async harness =>
    {
        Store.Before = _ => throw new EventRefusedException("no");
        await harness.Bus.Publish(new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon, At = s_noon });
        Assert.Single((await harness.Published.SelectAsync<Fault<NodeHeartbeat>>().First()).Context.Message.Exceptions);
    });

    [Fact]
    public Task A_probe_comes_back_when_what_was_queued_before_it_is_stored_and_one_delivered_again_changes_nothing() => WithBusAsync(async harness =>
    {
        var gate = new TaskCompletionSource();
        Store.Before = _ => gate.Task;
        var probe = new RecorderProbe { Recorder = "r", SentAt = s_noon };
        await harness.Bus.Publish(Batch(Calls.Bridged()));
        await UntilAsync(() => Store.Appends > 0);
        await harness.Bus.Publish(probe);
        await harness.Bus.Publish(probe);
        Assert.False(_probed.HasPassed(s_noon));
        gate.SetResult();
        await ConsumedTwiceAsync<RecorderProbeConsumer, RecorderProbe>(harness);
        Assert.True(_probed.HasPassed(s_noon));
        Assert.False(_probed.HasPassed(s_noon.AddTicks(1)));
    });

    [Fact]
    public Task A_probe_whose_queue_has_stopped_faults_and_has_not_come_back() => WithBusAsync(async harness =>
    {
        await harness.Provider.GetRequiredService<AppendQueue>().DisposeAsync();
        await harness.Bus.Publish(new RecorderProbe { Recorder = "r", SentAt = s_noon });
        Assert.Single((await harness.Published.SelectAsync<Fault<RecorderProbe>>().First()).Context.Message.Exceptions);
        Assert.False(_probed.HasPassed(s_noon));
    });

    [Fact]
    public Task A_logic_version_is_kept_when_the_store_is_up_again_and_one_delivered_again_changes_nothing() => WithBusAsync(async harness =>
    {
        int tries = 0;
        Store.Before = _ => ++tries <= 3 ? throw GatedStore.Down : Task.CompletedTask;
        var version = new LogicVersionLoaded { Version = "sha256:1", LoadedAt = s_noon, Sources = [new LogicSource("a.cs", "class A;")] };
        await harness.Bus.Publish(version);
        await harness.Bus.Publish(version);
        await ConsumedTwiceAsync<LogicVersionLoadedConsumer, LogicVersionLoaded>(harness);
        Assert.Equal(version.Sources, (await Store.FindLogicVersionAsync("sha256:1", None))?.Sources);
        Assert.True(tries > 3);
    });

    [Fact]
    public Task A_logic_version_that_cannot_be_kept_for_another_reason_faults() => WithBusAsync(async harness =>
    {
        Store.Before = _ => throw new EventRefusedException("no");
        await harness.Bus.Publish(new LogicVersionLoaded { Version = "sha256:2", LoadedAt = s_noon, Sources = [] });
        Assert.Single((await harness.Published.SelectAsync<Fault<LogicVersionLoaded>>().First()).Context.Message.Exceptions);
    });

    private static CallEventBatch Batch(IReadOnlyList<CallEvent> events)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var e in events)
            CallEventCodec.WriteLine(output, e);
        return new CallEventBatch { Source = "edge-1", Count = events.Count, Payload = output.WrittenSpan.ToArray() };
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(5);
    }

    private static async Task ConsumedTwiceAsync<TConsumer, TMessage>(ITestHarness harness)
        where TConsumer : class, IConsumer<TMessage>
        where TMessage : class
    {
        int consumed = 0;
        await foreach (var message in harness.GetConsumerHarness<TConsumer>().Consumed.SelectAsync<TMessage>())
        {
            Assert.Null(message.Exception);
            if (++consumed == 2)
                return;
        }

        Assert.Fail($"{consumed} messages were consumed.");
    }

    private async Task WithBusAsync(Func<ITestHarness, Task> test, AppendQueueOptions? options = null)
    {
        await using var queue = NewQueue(options);
        await using var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(queue)
            .AddSingleton(_probed)
            .AddSingleton(options ?? Options)
            .AddSingleton<ICallStore>(Store)
            .AddSingleton<TimeProvider>(new ManualClock(s_noon))
            .AddMassTransitTestHarness(bus =>
            {
                // Only a machine that does nothing else is as quick as the harness expects.
                bus.SetTestTimeouts(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2));
                bus.AddConsumer<CallEventBatchConsumer>();
                bus.AddConsumer<NodeHeartbeatConsumer>();
                bus.AddConsumer<RecorderProbeConsumer>();
                bus.AddConsumer<LogicVersionLoadedConsumer>();
            })
            .BuildServiceProvider();
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start();
        await test(harness);
        await harness.Stop();
    }
}
