using System.Text.Json;
using EventCalls.Bus.Journal;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Bus.Tests.Journal;

public sealed class CallJournalTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_event_is_told_only_after_its_batch_is_confirmed()
    {
        var bus = new HeldBus();
        await using var journal = Journal(bus);

        await journal.AppendAsync([Events.Started()], default).WaitAsync(s_patience);

        Assert.Equal(["batch call_started", "confirmed", "told call_started"], bus.Log);
    }

    [Fact]
    public async Task What_this_process_acts_on_itself_is_handed_over_when_it_is_confirmed_and_told_to_others_as_acted_on()
    {
        var bus = new HeldBus { ActsOn = e => e is HandoffRequested };
        await using var journal = Journal(bus);
        var started = Events.Started();

        await journal.AppendAsync([Events.Selected(started), Events.Requested(started)], default).WaitAsync(s_patience);

        Assert.Equal(
            ["batch flow_selected handoff_requested", "confirmed", "handed over handoff_requested", "told flow_selected", "told handoff_requested as acted on"], bus.Log);
    }

    [Fact]
    public async Task What_was_handed_over_is_not_handed_over_again_when_telling_others_is()
    {
        var bus = new HeldBus { ActsOn = e => e is CallStarted };
        await using var journal = Journal(bus);
        await journal.AppendAsync([Events.Attempt(Events.Started())], default).WaitAsync(s_patience);
        bus.FailNext(3);

        await journal.AppendAsync([Events.Started()], default).WaitAsync(s_patience);

        Assert.Single(bus.Log, l => l == "handed over call_started");
        Assert.Single(bus.Log, l => l == "told call_started as acted on");
    }

    [Fact]
    public async Task An_event_nobody_acts_on_is_recorded_and_not_told()
    {
        var bus = new HeldBus();
        await using var journal = Journal(bus);

        await journal.AppendAsync([Events.Attempt(Events.Started())], default).WaitAsync(s_patience);

        Assert.Equal(["batch transfer_started", "confirmed"], bus.Log);
    }

    [Fact]
    public async Task Confirmed_is_not_called_before_the_bus_confirms()
    {
        var bus = new HeldBus(open: false);
        await using var journal = Journal(bus);
        var entry = new Seen(Events.Attempt(Events.Started()));

        journal.Append(entry);
        await journal.AppendAsync([Events.Ended(Events.Started())], new CancellationTokenSource(100).Token).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.False(entry.WasConfirmed.IsCompleted);

        bus.Open();
        await entry.WasConfirmed.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Entries_stay_in_order_over_many_batches()
    {
        var bus = new HeldBus();
        await using var journal = Journal(bus, maxEvents: 3);
        var started = Events.Started();
        var expected = new List<string>();
        Task last = Task.CompletedTask;
        for (int i = 0; i < 50; i++)
        {
            journal.Append(new JournalEntry(Events.Attempt(started)));
            last = journal.AppendAsync([Events.Selected(started), Events.Requested(started)], default);
            expected.AddRange(["transfer_started", "flow_selected", "handoff_requested"]);
        }
        await last.WaitAsync(s_patience);

        Assert.Equal(expected, bus.Recorded);
        Assert.True(bus.Batches >= 50, $"{bus.Batches} batches");
        Assert.Equal(
            Enumerable.Repeat<string[]>(["told flow_selected", "told handoff_requested"], 50).SelectMany(x => x),
            bus.Log.Where(l => l.StartsWith("told", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Entries_that_wait_for_the_bus_travel_together()
    {
        var bus = new HeldBus(open: false);
        await using var journal = Journal(bus);
        var all = Enumerable.Range(0, 100).Select(_ => journal.AppendAsync([Events.Attempt(Events.Started())], default)).ToArray();
        Assert.Equal(100, journal.Backlog);

        bus.Open();
        await Task.WhenAll(all).WaitAsync(s_patience);

        Assert.Equal(100, bus.Recorded.Count());
        Assert.InRange(bus.Batches, 1, 3);
        Assert.Equal(0, journal.Backlog);
    }

    [Fact]
    public async Task A_batch_is_closed_when_it_is_large_enough()
    {
        var bus = new HeldBus(open: false);
        await using var journal = Journal(bus, maxBytes: 2000);
        var all = Enumerable.Range(0, 10).Select(_ => journal.AppendAsync([Events.Started()], default)).ToArray();

        bus.Open();
        await Task.WhenAll(all).WaitAsync(s_patience);

        Assert.InRange(bus.Batches, 3, 10);
        Assert.Equal(10, bus.Recorded.Count());
    }

    [Fact]
    public async Task While_the_bus_fails_nothing_is_lost_and_the_order_is_kept()
    {
        var bus = new HeldBus();
        bus.FailNext(3);
        await using var journal = Journal(bus);
        var started = Events.Started();

        journal.Append(new JournalEntry(started));
        await journal.AppendAsync([Events.Ended(started)], default).WaitAsync(s_patience);

        Assert.Equal(["call_started", "call_ended"], bus.Recorded);
        Assert.Equal(["told call_started", "told call_ended"], bus.Log.Where(l => l.StartsWith("told", StringComparison.Ordinal)));
        Assert.Equal(0, journal.Backlog);
    }

    [Fact]
    public async Task A_call_that_cannot_be_told_holds_up_its_own_events_and_those_of_no_other_call()
    {
        var stuck = Events.Started();
        var told = new TaskCompletionSource();
        var bus = new HeldBus { BeforeTelling = e => e.CallId == stuck.CallId ? told.Task : Task.CompletedTask };
        await using var journal = Journal(bus);
        journal.Append(new JournalEntry(stuck));
        journal.Append(new JournalEntry(Events.Ended(stuck)));

        // More calls than any fixed number of places could keep apart.
        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => journal.AppendAsync([Events.Started()], default))).WaitAsync(s_patience);
        Assert.Equal(2, journal.Backlog);
        Assert.Equal(2_000, bus.Log.Count(l => l.StartsWith("told", StringComparison.Ordinal)));

        told.SetResult();
        await journal.DrainAsync(default).WaitAsync(s_patience);
        Assert.Equal(["told call_started", "told call_ended"], bus.Log.Where(l => l.StartsWith("told", StringComparison.Ordinal)).Skip(2_000));
    }

    [Fact]
    public async Task An_event_that_cannot_be_written_fails_alone()
    {
        var bus = new HeldBus();
        await using var journal = Journal(bus);
        var started = Events.Started();
        var unwritable = Events.Selected(started) with { State = new Dictionary<string, JsonElement> { ["x"] = default } };

        var refused = journal.AppendAsync([unwritable], default);
        await journal.AppendAsync([started], default).WaitAsync(s_patience);

        await Assert.ThrowsAsync<InvalidOperationException>(() => refused.WaitAsync(s_patience));
        Assert.Equal(["call_started"], bus.Recorded);
        Assert.Equal(0, journal.Backlog);
    }

    [Fact]
    public async Task Draining_sends_what_was_taken_and_takes_no_more()
    {
        var bus = new HeldBus(open: false);
        await using var journal = Journal(bus);
        var before = journal.AppendAsync([Events.Started()], default);
        var drained = journal.DrainAsync(default);
        var after = journal.AppendAsync([Events.Started()], default);
        Assert.False(drained.IsCompleted);

        bus.Open();
        await drained.WaitAsync(s_patience);

        await before;
        await Assert.ThrowsAsync<InvalidOperationException>(() => after);
        Assert.Single(bus.Recorded);
    }

    [Fact]
    public async Task A_drain_that_is_cancelled_gives_up_and_says_so_to_who_waits()
    {
        var bus = new HeldBus(open: false);
        await using var journal = Journal(bus);
        var waiting = journal.AppendAsync([Events.Started()], default);

        await journal.DrainAsync(new CancellationToken(canceled: true)).WaitAsync(s_patience);

        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
        Assert.Equal(1, journal.Backlog);
    }

    [Fact]
    public async Task Confirmed_that_throws_does_not_stop_the_journal()
    {
        var bus = new HeldBus();
        await using var journal = Journal(bus);

        journal.Append(new Throws(Events.Attempt(Events.Started())));
        await journal.AppendAsync([Events.Started()], default).WaitAsync(s_patience);

        Assert.Equal(["transfer_started", "call_started"], bus.Recorded);
    }

    [Fact]
    public async Task A_journal_that_cannot_go_on_says_so_takes_no_more_and_counts_what_it_had()
    {
        var bus = new HeldBus();
        var clock = new BreakingClock();
        await using var journal = new CallJournal(bus, new JournalOptions { Source = "test" }, clock, NullLogger<CallJournal>.Instance);
        await journal.AppendAsync([Events.Started()], default).WaitAsync(s_patience);
        Assert.False(journal.IsFull);

        clock.IsBroken = true;
        var waiting = journal.AppendAsync([Events.Started()], default);

        Assert.Equal("the clock is broken", (await Assert.ThrowsAsync<InvalidTimeZoneException>(() => journal.Completion.WaitAsync(s_patience))).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting.WaitAsync(s_patience));
        Assert.True(journal.IsFull);
        journal.Append(new JournalEntry(Events.Started()));
        Assert.Equal(2, journal.Unrecorded);
        await journal.DrainAsync(default).WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_send_that_is_tried_again_is_no_loss()
    {
        var bus = new HeldBus();
        bus.FailNext(3);
        await using var journal = Journal(bus);
        journal.Append(new JournalEntry(Events.Started()));
        await journal.DrainAsync(default).WaitAsync(s_patience);
        Assert.Equal(0, journal.Unrecorded);
    }

    [Fact]
    public async Task What_the_bus_did_not_take_before_the_limit_of_the_drain_is_counted()
    {
        var bus = new HeldBus(open: false);
        await using var journal = Journal(bus);
        var started = Events.Started();
        journal.Append(new JournalEntry(started, Events.Ended(started)));
        await journal.DrainAsync(new CancellationToken(canceled: true)).WaitAsync(s_patience);
        Assert.Equal(2, journal.Unrecorded);
    }

    private static CallJournal Journal(IJournalBus bus, int maxEvents = 500, int maxBytes = 262_144) => new(
        bus, new JournalOptions { Source = "test", MaxEvents = maxEvents, MaxBytes = maxBytes }, TimeProvider.System, NullLogger<CallJournal>.Instance);

    private sealed class Seen(CallEvent e) : JournalEntry(e)
    {
        private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WasConfirmed => _confirmed.Task;

        public override void Confirmed() => _confirmed.SetResult();
    }

    private sealed class BreakingClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override long GetTimestamp() => IsBroken ? throw new InvalidTimeZoneException("the clock is broken") : base.GetTimestamp();
    }

    private sealed class Throws(CallEvent e) : JournalEntry(e)
    {
        public override void Confirmed() => throw new InvalidOperationException("no");
    }
}
