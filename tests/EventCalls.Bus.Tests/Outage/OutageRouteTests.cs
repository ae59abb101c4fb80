using System.Collections.Concurrent;
using EventCalls.Bus.Journal;
using EventCalls.Bus.Outage;
using EventCalls.Contracts;
using EventCalls.Store.Spooling;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Bus.Tests.Outage;

public sealed class OutageRouteTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-outage-").FullName;
    private readonly FakeBroker _broker = new();
    private readonly BrokerState _state = new();
    private readonly ConcurrentQueue<string> _here = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task While_the_broker_is_there_events_go_to_it_and_are_told_over_it()
    {
        using var spool = Open();
        await using var route = await JoinedAsync(spool);
        await using var journal = Journal(route);
        var started = Events.Started();

        await journal.AppendAsync([started], default).WaitAsync(s_limit);

        Assert.Equal(["batch call_started", "told call_started"], _broker.Log);
        Assert.Empty(_here);
        Assert.Equal(0, spool.OwedEvents);
    }

    [Fact]
    public async Task While_it_is_away_events_are_on_disk_and_this_process_decides_and_carries_out()
    {
        using var spool = Open();
        await using var route = await JoinedAsync(spool);
        await using var journal = Journal(route);
        _state.Away("gone");
        var started = Events.Started();

        await journal.AppendAsync([started], default).WaitAsync(s_limit);
        await journal.AppendAsync([Events.Selected(started), Events.Requested(started)], default).WaitAsync(s_limit);

        Assert.Equal(["ask again", "decide", "take"], _here);
        Assert.Empty(_broker.Log);
        Assert.Equal(3, spool.OwedEvents);
        Assert.Contains("gone", route.Describe());
    }

    [Fact]
    public async Task When_it_is_back_it_gets_everything_in_order_and_what_was_acted_on_is_told_as_such()
    {
        using var spool = Open();
        await using var route = await JoinedAsync(spool);
        await using var journal = Journal(route);
        _state.Away("gone");
        var started = Events.Started();
        var foreign = Events.Requested(Events.Started(node: "another"));
        CallEvent[] all = [started, Events.Selected(started), Events.Requested(started), foreign, Events.Attempt(started), Events.Ended(started)];
        foreach (var e in all)
            await journal.AppendAsync([e], default).WaitAsync(s_limit);
        Assert.Equal(1, _here.Count(h => h == "take"));

        await UpAsync(route);

        Assert.Equal(all.Select(e => e.EventId), _broker.Recorded);
        Assert.Equal(0, spool.OwedEvents);
        Assert.Equal(
            ["late call_started", "late handoff_requested", "told call_ended", "told flow_selected", "told handoff_requested"],
            _broker.Log.Where(l => !l.StartsWith("batch", StringComparison.Ordinal)).Order());
        await journal.AppendAsync([Events.Started()], default).WaitAsync(s_limit);
        Assert.Equal("told call_started", _broker.Log[^1]);
    }

    [Fact]
    public async Task A_batch_that_is_not_confirmed_in_time_goes_to_the_spool_and_is_sent_again_behind_nothing_newer()
    {
        var clock = new FakeTimeProvider();
        using var spool = Open();
        await using var route = await JoinedAsync(spool, clock);
        await using var journal = Journal(route);
        _broker.Hang();
        var started = Events.Started();
        var ended = Events.Ended(started);

        var first = journal.AppendAsync([started], default);
        await UntilAsync(() => _broker.Waiting == 1);
        clock.Advance(s_patience);
        await first.WaitAsync(s_limit);
        await journal.AppendAsync([ended], default).WaitAsync(s_limit);

        Assert.True(route.IsAway);
        Assert.Contains("decide", _here);
        _broker.Open();
        await UpAsync(route);
        // The first one twice, which the recorder takes as one; never the end before the beginning.
        await UntilAsync(() => _broker.Recorded.Count(id => id == started.EventId) == 2);
        Assert.Equal([started.EventId, ended.EventId], _broker.Recorded.Distinct());
    }

    [Fact]
    public async Task A_call_that_was_recorded_by_the_broker_and_not_told_is_decided_here_and_told_late()
    {
        var clock = new FakeTimeProvider();
        using var spool = Open();
        await using var route = await JoinedAsync(spool, clock);
        var started = Events.Started();
        Assert.Equal(Taker.Bus, await route.SendAsync(BatchOf(started), default));
        _broker.Hang();

        var told = route.TellAsync(started, Taker.Bus, isActedOn: false, default);
        await UntilAsync(() => _broker.Waiting == 1);
        clock.Advance(s_patience);
        await told.WaitAsync(s_limit);

        Assert.Equal(["ask again", "decide"], _here);
        _broker.Open();
        await UpAsync(route);
        Assert.Contains("late call_started", _broker.Log);
    }

    [Fact]
    public async Task What_this_process_acts_on_is_not_acted_on_once_more_when_the_broker_goes_before_others_were_told()
    {
        var clock = new FakeTimeProvider();
        using var spool = Open();
        await using var route = await JoinedAsync(spool, clock);
        _broker.ActsOn = e => e is CallStarted;
        var started = Events.Started();
        Assert.Equal(Taker.Bus, await route.SendAsync(BatchOf(started), default));
        Assert.True(route.HandOver(started));
        _broker.Hang();

        var told = route.TellAsync(started, Taker.Bus, isActedOn: true, default);
        await UntilAsync(() => _broker.Waiting == 1);
        clock.Advance(s_patience);
        await told.WaitAsync(s_limit);

        Assert.Equal(["ask again"], _here);
        Assert.False(route.HandOver(Events.Started()));
        _broker.Open();
        await UpAsync(route);
        Assert.Contains("late call_started", _broker.Log);
    }

    [Fact]
    public async Task Questions_are_answered_here_while_it_is_away()
    {
        using var spool = Open();
        await using var route = await JoinedAsync(spool);
        var started = Events.Started();
        var reroute = new RerouteCall { Started = started, Selected = Events.Selected(started), Failed = Events.Failed(started), Target = "x", CallerAnswered = false };

        await route.SendAsync(reroute, default);
        await route.AskAgainAsync(started, default);
        _state.Away("gone");
        await route.SendAsync(reroute, default);
        await route.AskAgainAsync(started, default);

        Assert.Equal(["reroute", "asked"], _broker.Log);
        Assert.Equal(["ask again", "decide again", "decide"], _here);
    }

    [Fact]
    public async Task A_refusal_by_a_broker_that_is_there_is_the_journals_to_try_again()
    {
        using var spool = Open();
        await using var route = await JoinedAsync(spool);
        _broker.ThrowsWhenTold = new IOException("the node n2 has no queue on the broker");

        await Assert.ThrowsAsync<IOException>(() => route.TellAsync(Events.Requested(Events.Started(node: "n2")), Taker.Bus, isActedOn: false, default));

        Assert.False(route.IsAway);
    }

    [Fact]
    public async Task A_broker_that_refuses_events_for_too_long_is_as_good_as_away()
    {
        using var spool = Open();
        await using var route = await JoinedAsync(spool, patience: TimeSpan.FromMilliseconds(200));
        _broker.Throws = new IOException("no queue takes it");

        Assert.Equal(Taker.Spool, await route.SendAsync(BatchOf(Events.Started()), default).WaitAsync(s_limit));

        Assert.True(route.IsAway);
        _broker.Throws = null;
        await UpAsync(route);
    }

    [Fact]
    public async Task A_node_says_that_it_lives_behind_what_it_kept()
    {
        using var spool = Open();
        await using var route = await JoinedAsync(spool);
        _state.Away("gone");
        await route.SendAsync(Heartbeat(), default);
        await route.SendAsync(BatchOf(Events.Started()), default);
        Assert.Empty(_broker.Log);

        await UpAsync(route);
        await UntilAsync(() => _broker.Log.Contains("alive"));

        Assert.Equal(["batch call_started", "late call_started", "alive"], _broker.Log);
    }

    [Fact]
    public async Task What_a_run_left_is_sent_by_the_next_before_anything_else_with_its_logic()
    {
        var first = Events.Started();
        var second = Events.Ended(first);
        using (var spool = Open())
        {
            await using var route = Route(spool);
            await route.SendAsync(new LogicVersionLoaded { Version = "sha256:12", Sources = [new("A.cs", "class A;")], LoadedAt = default }, default);
            Assert.Equal(Taker.Spool, await route.SendAsync(BatchOf(first), default));
        }

        using var again = Open();
        await using (var route = Route(again))
        {
            Assert.Equal(Taker.Spool, await route.SendAsync(BatchOf(second), default));
            route.Join();
            await UpAsync(route);
        }

        Assert.Equal([first.EventId, second.EventId], _broker.Recorded);
        Assert.Contains("version sha256:12", _broker.Log);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "versions")));
    }

    [Fact]
    public async Task A_full_spool_refuses_new_calls_only_while_the_broker_is_away()
    {
        using var spool = Spool.Open(new SpoolOptions { Folder = _folder, MaxBytes = 64 * 1024, SegmentBytes = 4096 }, NullLogger.Instance);
        await using var route = await JoinedAsync(spool);
        await using var journal = Journal(route);
        _state.Away("gone");
        Assert.False(journal.IsFull);

        while (!journal.IsFull)
            await journal.AppendAsync([Events.Started()], default).WaitAsync(s_limit);
        // What open calls bring is taken nevertheless.
        await journal.AppendAsync([Events.Ended(Events.Started())], default).WaitAsync(s_limit);
        Assert.Contains("which is full", route.Describe());

        await UpAsync(route);
        Assert.False(journal.IsFull);
    }

    [Fact]
    public async Task Nothing_is_lost_doubled_or_overtaken_while_the_broker_comes_and_goes()
    {
        using var spool = Open();
        await using var route = await JoinedAsync(spool);
        await using var journal = Journal(route);
        var sent = new List<Guid>();
        Task last = Task.CompletedTask;
        for (int i = 0; i < 400; i++)
        {
            if (i % 50 == 25)
                _state.Away("gone");
            if (i % 50 == 40)
                _state.Up(_state.BeginLook());
            var e = Events.Attempt(Events.Started());
            sent.Add(e.EventId);
            last = journal.AppendAsync([e], default);
            if (i % 7 == 0)
                await last.WaitAsync(s_limit);
        }
        await last.WaitAsync(s_limit);
        await UpAsync(route);

        // What was under way when it went away comes twice, and the second time in its place.
        Assert.Equal(sent, _broker.Recorded.Distinct());
        Assert.InRange(_broker.Recorded.Count, sent.Count, sent.Count * 2);
    }

    [Fact]
    public void A_look_that_began_before_there_was_trouble_proves_nothing()
    {
        long look = _state.BeginLook();
        _state.Away("a batch was not confirmed");
        _state.Up(look);
        Assert.False(_state.IsUp);

        _state.Up(_state.BeginLook());
        Assert.True(_state.IsUp);
        Assert.True(_state.Looked.IsCompletedSuccessfully);
    }

    private static CallEventBatch BatchOf(CallEvent e)
    {
        var payload = new PayloadBuffer(1024);
        CallEventCodec.WriteLine(payload, e);
        return new CallEventBatch { Source = "n1", Count = 1, Payload = payload.ToArray() };
    }

    private static NodeHeartbeat Heartbeat() => new() { Node = "n1", RunningSince = default, At = default };

    private static CallJournal Journal(OutageRoute route) =>
        new(route, new JournalOptions { Source = "n1", GatherMs = 0 }, TimeProvider.System, NullLogger<CallJournal>.Instance);

    private Spool Open() => Spool.Open(new SpoolOptions { Folder = _folder }, NullLogger.Instance);

    private OutageRoute Route(Spool spool, TimeProvider? time = null, TimeSpan? patience = null) => new(
        _broker,
        _state,
        new OutageOptions("n1", "the broker", patience ?? s_patience),
        (send, emptied) => new SpoolRelay(spool, "n1", send, emptied, time ?? TimeProvider.System, NullLogger<SpoolRelay>.Instance),
        new LocalRoles(_ => _here.Enqueue("decide"), _ => _here.Enqueue("decide again"), _ => _here.Enqueue("take"), () => _here.Enqueue("ask again")),
        time ?? TimeProvider.System,
        NullLoggerFactory.Instance);

    private async Task<OutageRoute> JoinedAsync(Spool spool, TimeProvider? time = null, TimeSpan? patience = null)
    {
        var route = Route(spool, time, patience);
        route.Join();
        await UpAsync(route);
        return route;
    }

    private async Task UpAsync(OutageRoute route)
    {
        _state.Up(_state.BeginLook());
        await route.Back.WaitAsync(s_limit);
        Assert.False(route.IsAway);
    }

    private static async Task UntilAsync(Func<bool> so)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!so())
        {
            Assert.True(clock.Elapsed < s_limit, "It did not come to be so.");
            await Task.Delay(5);
        }
    }
}
