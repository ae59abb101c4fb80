using EventCalls.Bus.Journal;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Bus.Tests;

/// <summary>What both transports do alike.</summary>
public abstract class BusTests
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private protected abstract BusOptions Options { get; }

    [Fact]
    public async Task What_is_journalled_reaches_the_recorder_and_those_who_act_on_it_as_it_was_written()
    {
        var recorder = new Collector<CallEventBatch>();
        var router = new Collector<CallStarted>();
        await using var bus = await StartAsync(Recorder(recorder), new BusEndpoint(BusQueues.Router, router));
        await using var journal = Journal(bus);
        var started = Events.Started();

        await journal.AppendAsync([started], default).WaitAsync(Patience);

        await recorder.ArrivedAsync();
        await router.ArrivedAsync();
        var batch = Assert.Single(recorder.Messages);
        Assert.Equal("test", batch.Source);
        Assert.Equal(1, batch.Count);
        Assert.Equal(["call_started"], HeldBus.Names(batch));
        Assert.Equivalent(started, Assert.Single(router.Messages), strict: true);
    }

    [Fact]
    public async Task A_handoff_reaches_the_node_that_owns_the_call_and_no_other()
    {
        var mine = new Collector<HandoffRequested>();
        var other = new Collector<HandoffRequested>();
        await using var bus = await StartAsync(Node("edge-1", mine), Node("edge-1.b", other));

        await bus.TellAsync(Events.Requested(Events.Started("edge-1")), default);
        await bus.TellAsync(Events.Requested(Events.Started("edge-1.b")), default);
        await mine.ArrivedAsync();
        await other.ArrivedAsync();

        Assert.Equal("edge-1", Assert.Single(mine.Messages).Node);
        Assert.Equal("edge-1.b", Assert.Single(other.Messages).Node);
    }

    [Fact]
    public async Task Commands_and_notices_reach_their_queue()
    {
        var beats = new Collector<NodeHeartbeat>();
        var versions = new Collector<LogicVersionLoaded>();
        var reroutes = new Collector<RerouteCall>();
        await using var bus = await StartAsync(new BusEndpoint(BusQueues.Heartbeats, beats), new BusEndpoint(BusQueues.Recorder, versions), new BusEndpoint(BusQueues.Router, reroutes));
        var started = Events.Started();
        var beat = new NodeHeartbeat { Node = "n1", RunningSince = started.OccurredAt, At = started.OccurredAt, Stopping = true };
        var version = new LogicVersionLoaded { Version = "sha256:1", Sources = [new("a.cs", "class A { /* é */ }")], LoadedAt = started.OccurredAt };
        var reroute = new RerouteCall { Started = started, Selected = Events.Selected(started), Failed = Events.Failed(started), Target = "sip:x@y", CallerAnswered = true };

        await bus.SendAsync(beat, default);
        await bus.SendAsync(version, default);
        await bus.SendAsync(reroute, default);
        await beats.ArrivedAsync();
        await versions.ArrivedAsync();
        await reroutes.ArrivedAsync();

        Assert.Equal(beat, Assert.Single(beats.Messages));
        Assert.Equivalent(version, Assert.Single(versions.Messages), strict: true);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(reroute), System.Text.Json.JsonSerializer.Serialize(Assert.Single(reroutes.Messages)));
    }

    [Fact]
    public async Task That_a_trunks_server_went_down_or_came_up_reaches_who_subscribes_and_is_no_mistake_while_nobody_does()
    {
        var at = Events.Started().OccurredAt;
        var down = new TrunkDown { EventId = Guid.NewGuid(), Node = "n1", Trunk = "carrier", Server = "udp:192.0.2.7:5060", OccurredAt = at, ServersUp = 1, Servers = 2, Reason = "it does not answer OPTIONS" };
        var up = new TrunkUp { EventId = Guid.NewGuid(), Node = "n1", Trunk = "carrier", Server = "udp:192.0.2.7:5060", OccurredAt = at, ServersUp = 2, Servers = 2, DownSince = at };
        await using (var alone = await StartAsync())
            await alone.TellAsync(down, default).WaitAsync(Patience);
        var downs = new Collector<TrunkDown>();
        var ups = new Collector<TrunkUp>();
        await using var bus = await StartAsync(new BusEndpoint("watch-downs", downs), new BusEndpoint("watch-ups", ups));

        await bus.TellAsync(down, default).WaitAsync(Patience);
        await bus.TellAsync(up, default).WaitAsync(Patience);
        await downs.ArrivedAsync();
        await ups.ArrivedAsync();

        Assert.Equal(down, Assert.Single(downs.Messages));
        Assert.Equal(up, Assert.Single(ups.Messages));
    }

    [Fact]
    public async Task A_consumer_that_fails_now_and_then_gets_the_message_again()
    {
        var recorder = new Collector<CallEventBatch>(failures: 2);
        await using var bus = await StartAsync(Recorder(recorder));

        await bus.SendAsync(Batch(), default);
        await recorder.ArrivedAsync();

        Assert.Equal(3, recorder.Deliveries);
    }

    [Fact]
    public async Task What_would_fail_in_the_same_way_again_is_not_tried_at_once_but_later()
    {
        var errors = new Collector<CallEventBatch>();
        var recorder = new Collector<CallEventBatch>(failures: 10) { Failure = () => new Same(new IOException("of the store")) };
        await using var bus = await StartAsync(Recorder(recorder), new BusEndpoint(BusQueues.Recorder + "_error", errors));

        await bus.SendAsync(Batch(), default);
        await errors.ArrivedAsync();

        Assert.Equal(2, recorder.Deliveries);
    }

    [Fact]
    public async Task A_message_whose_retries_are_used_up_comes_again_later()
    {
        var recorder = new Collector<CallEventBatch>(failures: 5);
        await using var bus = await StartAsync(Recorder(recorder));
        var sent = Batch();

        await bus.SendAsync(sent, default);
        await recorder.ArrivedAsync();

        Assert.Equal(6, recorder.Deliveries);
        Assert.Equal(sent.Payload, recorder.Messages[0].Payload);
    }

    [Fact]
    public async Task A_message_that_always_fails_ends_in_the_error_queue_and_the_next_one_is_consumed()
    {
        var errors = new Collector<CallEventBatch>();
        var recorder = new Collector<CallEventBatch>(failures: 10);
        await using var bus = await StartAsync(Recorder(recorder), new BusEndpoint(BusQueues.Recorder + "_error", errors));

        await bus.SendAsync(Batch(), default);
        await errors.ArrivedAsync();
        await bus.SendAsync(Batch(), default);
        await recorder.ArrivedAsync();

        Assert.Equal(11, recorder.Deliveries);
    }

    [Fact]
    public async Task A_role_that_starts_last_gets_what_was_sent_before()
    {
        if (Options.RabbitMq is null)
            return; // one process: there is no last one
        await using (var first = await StartAsync())
        {
            await first.SendAsync(Batch(), default);
            await first.TellAsync(Events.Started(), default);
        }
        var recorder = new Collector<CallEventBatch>();
        var router = new Collector<CallStarted>();
        await using var last = await StartAsync(Recorder(recorder), new BusEndpoint(BusQueues.Router, router));

        await recorder.ArrivedAsync();
        await router.ArrivedAsync();
    }

    [Fact]
    public async Task It_is_well_from_when_its_queues_are_bound_until_it_stops()
    {
        await using var bus = new EventBus(Options, "test", NullLoggerFactory.Instance);
        Assert.False(bus.IsConnected);

        await bus.StartAsync([Recorder(new Collector<CallEventBatch>())], default).WaitAsync(Patience);
        Assert.True(bus.IsConnected);
        await bus.ConnectAsync(new BusEndpoint(BusQueues.Heartbeats, new Collector<NodeHeartbeat>()), default).WaitAsync(Patience);
        Assert.True(bus.IsConnected);
        await bus.DisconnectAsync(BusQueues.Heartbeats, default).WaitAsync(Patience);
        Assert.True(bus.IsConnected);

        await bus.StopAsync(default).WaitAsync(Patience);
        Assert.False(bus.IsConnected);
    }

    private sealed class Same(Exception inner) : SameAgainException("the same again", inner);

    private protected static BusEndpoint Recorder(Collector<CallEventBatch> collector) => new(BusQueues.Recorder, collector);

    private protected static BusEndpoint Node(string node, Collector<HandoffRequested> collector) => new(BusQueues.Node(node), collector) { Node = node };

    private protected static CallJournal Journal(IJournalBus bus) =>
        new(bus, new JournalOptions { Source = "test" }, TimeProvider.System, NullLogger<CallJournal>.Instance);

    private protected static CallEventBatch Batch() => new() { Source = "test", Count = 1, Payload = "call_ended {\"é\":1}\n"u8.ToArray() };

    private protected async Task<EventBus> StartAsync(params BusEndpoint[] endpoints)
    {
        var bus = new EventBus(Options, "test", NullLoggerFactory.Instance);
        await bus.StartAsync(endpoints, default).WaitAsync(Patience);
        return bus;
    }
}
