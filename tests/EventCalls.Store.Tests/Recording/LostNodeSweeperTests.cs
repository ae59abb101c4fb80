using EventCalls.Contracts;
using EventCalls.Store.Recording;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Store.Tests.Recording;

public sealed class LostNodeSweeperTests : RecorderTest
{
    private static readonly DateTimeOffset s_noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualClock _clock = new(s_noon);
    private readonly LostNodeOptions _options = new();
    private readonly Queue<RecorderProbe> _stuckHeartbeats = new();
    private readonly Queue<RecorderProbe> _stuckEvents = new();
    private ProbedQueue _heartbeats = null!;
    private ProbedQueue _events = null!;
    private readonly List<CallEvent> _told = [];
    private bool _listening = true;
    private bool _isStored = true;

    [Fact]
    public async Task Calls_of_a_nodes_earlier_run_are_closed_when_queued_events_had_time_to_come()
    {
        var lost = await OpenAsync(s_noon.AddMinutes(-3), answered: true);
        var running = await OpenAsync(s_noon.AddSeconds(1));
        var sweeper = NewSweeper();
        await HeartbeatAsync(runningSince: s_noon.AddMinutes(-1));

        Assert.Equal(0, await sweeper.SweepAsync(None));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, await sweeper.SweepAsync(None));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await sweeper.SweepAsync(None));
        Assert.Equal(0, await sweeper.SweepAsync(None));

        var stream = await Store.ReadStreamAsync(lost.CallId, None);
        var end = Assert.IsType<CallEnded>(stream[^1].Read());
        Assert.Equal((CallParty.System, CallEndCause.NodeLost), (end.EndedBy, end.Cause));
        Assert.Equal(EventIds.Derive(lost.CallId, "node_lost"), end.EventId);
        Assert.Equal(stream[^2].EventId, end.CausationId);
        Assert.Equal(_clock.Now, end.OccurredAt);
        // It was over when the next run began, however long nobody looked.
        Assert.Equal((120_000, 119_998), (end.DurationMs, end.AnsweredMs));
        Assert.Null((await Store.FindAsync(running.CallId.ToString(), None))!.EndedAt);
    }

    [Fact]
    public async Task A_node_that_comes_back_days_later_has_calls_that_lasted_until_it_was_last_heard_of()
    {
        var lost = await OpenAsync(s_noon.AddMinutes(-3), answered: true);
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        _clock.Advance(TimeSpan.FromDays(2));
        var sweeper = NewSweeper();
        await HeartbeatAsync(runningSince: _clock.Now.AddSeconds(-1));
        await sweeper.SweepAsync(None);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, await sweeper.SweepAsync(None));

        var end = Assert.IsType<CallEnded>((await Store.ReadStreamAsync(lost.CallId, None))[^1].Read());
        Assert.Equal((180_000, 179_998), (end.DurationMs, end.AnsweredMs));
    }

    [Fact]
    public async Task Calls_of_a_node_that_fell_silent_are_closed_after_the_timeout_and_not_before()
    {
        var call = await OpenAsync(s_noon.AddMinutes(-3));
        var sweeper = NewSweeper();
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromSeconds(30)));
        Assert.Equal(1, await SweepForAsync(sweeper, TimeSpan.FromSeconds(2)));
        Assert.Equal(CallEndCause.NodeLost, (await Store.FindAsync(call.CallId.ToString(), None))!.EndCause);
        // What is known of is the time until the last heartbeat.
        Assert.Equal(180_000, Assert.IsType<CallEnded>((await Store.ReadStreamAsync(call.CallId, None))[^1].Read()).DurationMs);
    }

    [Fact]
    public async Task A_node_that_fell_silent_is_kept_as_lost_for_whoever_tells_of_it_and_not_while_nobody_is_heard()
    {
        var heardAt = s_noon;
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        var sweeper = NewSweeper();
        await sweeper.SweepAsync(None);
        _listening = false;
        await SweepForAsync(sweeper, TimeSpan.FromMinutes(10));
        Assert.Null(Assert.Single(await Store.ListNodesAsync(None)).Lost);
        _listening = true;
        await SweepForAsync(sweeper, TimeSpan.FromSeconds(28));
        Assert.Null(Assert.Single(await Store.ListNodesAsync(None)).Lost);
        await SweepForAsync(sweeper, TimeSpan.FromSeconds(6));
        Assert.Equal(new LostRun(s_noon.AddHours(-1), heardAt), Assert.Single(await Store.ListNodesAsync(None)).Lost);

        // It was not dead: silent again, it is lost again.
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        heardAt = _clock.Now;
        await SweepForAsync(sweeper, TimeSpan.FromMinutes(1));
        Assert.Equal(new LostRun(s_noon.AddHours(-1), heardAt), Assert.Single(await Store.ListNodesAsync(None)).Lost);
    }

    [Fact]
    public async Task Those_who_subscribe_are_told_of_the_end_of_a_lost_call_once()
    {
        var call = await OpenAsync(s_noon.AddMinutes(-3));
        var sweeper = NewSweeper();
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));

        await SweepForAsync(sweeper, TimeSpan.FromMinutes(2));

        var end = Assert.IsType<CallEnded>(Assert.Single(_told));
        Assert.Equal((call.CallId, CallEndCause.NodeLost), (end.CallId, end.Cause));
    }

    [Fact]
    public async Task A_node_that_is_heard_of_keeps_its_calls()
    {
        await OpenAsync(s_noon.AddMinutes(-3));
        var sweeper = NewSweeper();
        for (int i = 0; i < 20; i++)
        {
            await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
            Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromSeconds(6)));
        }
    }

    [Fact]
    public async Task A_recorder_that_just_started_gives_every_node_the_whole_timeout()
    {
        await OpenAsync(s_noon.AddHours(-3));
        await HeartbeatAsync(runningSince: s_noon.AddDays(-1));
        _clock.Advance(TimeSpan.FromHours(2));
        var sweeper = NewSweeper();
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromSeconds(30)));
        Assert.Equal(1, await SweepForAsync(sweeper, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Silence_does_not_count_while_the_bus_is_away()
    {
        await OpenAsync(s_noon.AddMinutes(-3));
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        var sweeper = NewSweeper();
        await sweeper.SweepAsync(None);
        _listening = false;
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromMinutes(10)));
        _listening = true;
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromSeconds(28)));
        Assert.Equal(1, await SweepForAsync(sweeper, TimeSpan.FromSeconds(6)));
    }

    [Fact]
    public async Task Silence_does_not_count_while_the_store_is_down()
    {
        await OpenAsync(s_noon.AddMinutes(-3));
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        var sweeper = NewSweeper();
        await sweeper.SweepAsync(None);
        Store.Before = _ => throw GatedStore.Down;
        for (int i = 0; i < 30; i++)
        {
            _clock.Advance(_options.Interval);
            await Assert.ThrowsAsync<StoreUnreachableException>(() => sweeper.SweepAsync(None));
        }
        Store.Before = _ => Task.CompletedTask;
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromSeconds(28)));
        Assert.Equal(1, await SweepForAsync(sweeper, TimeSpan.FromSeconds(6)));
    }

    [Fact]
    public async Task Silence_does_not_count_while_this_process_was_asleep()
    {
        await OpenAsync(s_noon.AddMinutes(-3));
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        var sweeper = NewSweeper();
        await sweeper.SweepAsync(None);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, await sweeper.SweepAsync(None));
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromSeconds(28)));
        Assert.Equal(1, await SweepForAsync(sweeper, TimeSpan.FromSeconds(6)));
    }

    [Fact]
    public async Task Silence_does_not_count_while_heartbeats_wait_behind_a_store_that_does_not_write()
    {
        await OpenAsync(s_noon.AddMinutes(-3));
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        var sweeper = NewSweeper();
        await SweepForAsync(sweeper, TimeSpan.FromSeconds(20));
        _listening = false;
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromSeconds(45)));

        // The stall is over; what waited is written a moment later than the probes that were sent meanwhile come back.
        _listening = true;
        Assert.Equal(0, await sweeper.SweepAsync(None));
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromSeconds(30)));
        Assert.Equal(1, await SweepForAsync(sweeper, TimeSpan.FromSeconds(6)));
    }

    [Fact]
    public async Task A_call_of_a_lost_node_is_not_closed_while_its_end_may_still_be_in_the_queue()
    {
        var silent = await OpenAsync(s_noon.AddMinutes(-3));
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        _isStored = false;
        var sweeper = NewSweeper();
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromMinutes(2)));

        // Nor of a node that is back: its heartbeat overtook the events of the run before.
        await HeartbeatAsync(runningSince: s_noon.AddMinutes(-1));
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromMinutes(2)));

        await Store.AppendAsync(Message(Calls.End(silent)), None);
        var other = await OpenAsync(s_noon.AddMinutes(-2));
        _isStored = true;
        Assert.Equal(1, await SweepForAsync(sweeper, TimeSpan.FromSeconds(10)));
        Assert.Equal(CallEndCause.HungUp, (await Store.FindAsync(silent.CallId.ToString(), None))!.EndCause);
        Assert.Equal(CallEndCause.NodeLost, (await Store.FindAsync(other.CallId.ToString(), None))!.EndCause);
    }

    [Fact]
    public async Task A_node_that_speaks_seldom_is_not_silent_before_it_missed_three_heartbeats()
    {
        await OpenAsync(s_noon.AddMinutes(-3));
        await Store.SaveHeartbeatAsync(new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon.AddHours(-1), At = _clock.Now, IntervalSeconds = 60 }, _clock.Now, None);
        var sweeper = NewSweeper();
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromMinutes(3)));
        Assert.Equal(1, await SweepForAsync(sweeper, TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task A_process_never_closes_the_calls_of_its_own_run()
    {
        var before = await OpenAsync(s_noon.AddMinutes(-3));
        var sweeper = NewSweeper(ownNode: "edge-1");
        var own = await OpenAsync(s_noon.AddSeconds(1));
        await HeartbeatAsync(runningSince: s_noon);
        Assert.Equal(1, await SweepForAsync(sweeper, TimeSpan.FromMinutes(5)));
        Assert.NotNull((await Store.FindAsync(before.CallId.ToString(), None))!.EndedAt);

        // Another process says that the node has begun anew.
        await HeartbeatAsync(runningSince: s_noon.AddMinutes(4));
        Assert.Equal(0, await SweepForAsync(sweeper, TimeSpan.FromMinutes(5)));
        Assert.Null((await Store.FindAsync(own.CallId.ToString(), None))!.EndedAt);
    }

    [Fact]
    public async Task Another_recorders_probe_with_a_clock_that_is_behind_makes_nobody_deaf()
    {
        await OpenAsync(s_noon.AddMinutes(-3));
        await HeartbeatAsync(runningSince: s_noon.AddHours(-1));
        var sweeper = NewSweeper();
        int closed = 0;
        for (int i = 0; i < 17; i++)
        {
            _heartbeats.TakeBack(new RecorderProbe { Recorder = "other", SentAt = _clock.Now.AddMinutes(-5) });
            closed += await SweepForAsync(sweeper, TimeSpan.FromSeconds(2));
        }
        Assert.Equal(1, closed);
    }

    [Fact]
    public async Task A_real_end_that_came_first_wins_and_one_that_comes_later_is_kept_beside_the_stream()
    {
        var ended = await OpenAsync(s_noon.AddMinutes(-3));
        var end = Calls.End(ended);
        var lost = await OpenAsync(s_noon.AddMinutes(-3));
        await HeartbeatAsync(runningSince: s_noon.AddMinutes(-1));
        await Store.AppendAsync(Message(end), None);
        Assert.Equal(1, await SweepForAsync(NewSweeper(), TimeSpan.FromSeconds(8)));
        Assert.Equal(CallEndCause.HungUp, (await Store.FindAsync(ended.CallId.ToString(), None))!.EndCause);

        var late = Calls.End(lost);
        await Store.AppendAsync(Message(late), None);
        Assert.Equal(CallEndCause.NodeLost, (await Store.FindAsync(lost.CallId.ToString(), None))!.EndCause);
        Assert.Equal(late.EventId, Assert.Single(await Store.ReadLateEventsAsync(lost.CallId, None)).EventId);
    }

    [Fact]
    public async Task Two_recorders_that_sweep_at_once_close_a_call_once()
    {
        var calls = new List<CallStarted>();
        for (int i = 0; i < 30; i++)
            calls.Add(await OpenAsync(s_noon.AddMinutes(-3)));
        await HeartbeatAsync(runningSince: s_noon.AddMinutes(-1));
        var sweepers = new[] { NewSweeper(), NewSweeper() };
        foreach (var sweeper in sweepers)
            await sweeper.SweepAsync(None);
        _clock.Advance(_options.Grace);
        await Task.WhenAll(sweepers.Select(sweeper => Task.Run(() => sweeper.SweepAsync(None))));
        foreach (var call in calls)
            Assert.Single(await Store.ReadStreamAsync(call.CallId, None), e => e.Type == "call_ended");
    }

    [Fact]
    public async Task The_loop_goes_on_after_errors_and_ends_when_it_is_stopped()
    {
        var call = await OpenAsync(s_noon.AddMinutes(-3));
        await HeartbeatAsync(runningSince: s_noon.AddMinutes(-1));
        int sweeps = 0;
        Store.Before = _ => ++sweeps < 3 ? throw new InvalidOperationException("a fault of ours") : Task.CompletedTask;
        using var sweeper = NewSweeper(_options with { Grace = TimeSpan.Zero, Interval = TimeSpan.FromMilliseconds(1) });
        await sweeper.StartAsync(None);
        while ((await Store.FindAsync(call.CallId.ToString(), None))!.EndedAt is null)
            await Task.Delay(5);
        await sweeper.StopAsync(None);
        Assert.True(sweeper.ExecuteTask!.IsCompletedSuccessfully);
    }

    private LostNodeSweeper NewSweeper(LostNodeOptions? options = null, string? ownNode = null)
    {
        // What was sent while a queue was stuck comes out of it first, late.
        _heartbeats = new ProbedQueue((probe, _) => Through(_heartbeats, _stuckHeartbeats, _listening, probe), options ?? _options, _clock);
        _events = new ProbedQueue((probe, _) => Through(_events, _stuckEvents, _isStored, probe), options ?? _options, _clock);
        return new(Store, _heartbeats, _events, ownNode, options ?? _options, _clock, NullLogger<LostNodeSweeper>.Instance, (e, _) =>
        {
            _told.Add(e);
            return Task.CompletedTask;
        });
    }

    private static Task Through(ProbedQueue queue, Queue<RecorderProbe> stuck, bool isOpen, RecorderProbe probe)
    {
        stuck.Enqueue(probe);
        while (isOpen && stuck.TryDequeue(out var next))
            queue.TakeBack(next);
        return Task.CompletedTask;
    }

    private async Task<int> SweepForAsync(LostNodeSweeper sweeper, TimeSpan time)
    {
        int closed = 0;
        for (var passed = TimeSpan.Zero; passed < time; passed += _options.Interval)
        {
            closed += await sweeper.SweepAsync(None);
            _clock.Advance(_options.Interval);
        }
        return closed + await sweeper.SweepAsync(None);
    }

    private async Task<CallStarted> OpenAsync(DateTimeOffset at, bool answered = false)
    {
        var started = Calls.Start(at: at);
        await Store.AppendAsync(answered ? Message(started, Calls.Answer(started)) : Message(started), None);
        return started;
    }

    private Task HeartbeatAsync(DateTimeOffset runningSince) =>
        Store.SaveHeartbeatAsync(new NodeHeartbeat { Node = "edge-1", RunningSince = runningSince, At = _clock.Now }, _clock.Now, None);
}
