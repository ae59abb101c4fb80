using EventCalls.Contracts;
using EventCalls.Store.Keeping;
using EventCalls.Store.Tests.Recording;
using EventCalls.Store.Tests.Sqlite;
using EventCalls.Testing.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Store.Tests.Keeping;

/// <summary>Rules of how long calls are kept, in the time of a clock that is set by hand.</summary>
public sealed class RetentionSweeperTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SampleCalls _calls = new(3);
    private ICallStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = fixture.Open(await fixture.NewDatabaseAsync());
        await _store.MigrateAsync(default);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Calls_are_erased_when_they_are_older_than_the_rule_says_and_not_before()
    {
        await CallAsync(s_start, "carrier");
        await CallAsync(s_start.AddDays(1), "carrier");
        var rule = new RetentionRule(TimeSpan.FromDays(30), KeepingAction.Erase);
        Assert.Equal(0, await SweepAsync(s_start.AddDays(30), rule));
        Assert.Equal(1, await SweepAsync(s_start.AddDays(30).AddSeconds(1), rule));
        Assert.Equal(1, await _store.CountAsync(new CallQuery(), default));
    }

    [Fact]
    public async Task A_rule_holds_for_its_trunk_and_outcome_alone()
    {
        await CallAsync(s_start, "carrier", TransferOutcome.Busy);
        await CallAsync(s_start, "carrier", TransferOutcome.Answered);
        await CallAsync(s_start, "pbx", TransferOutcome.Busy);
        Assert.Equal(1, await SweepAsync(s_start.AddDays(10), new RetentionRule(TimeSpan.FromDays(5), KeepingAction.Erase, "carrier", TransferOutcome.Busy)));
        Assert.Equal(["answered carrier", "busy pbx"], (await _store.SearchAsync(new CallQuery(), default)).Select(c => $"{WireName.Of(c.Outcome)} {c.Trunk}").Order());
    }

    [Fact]
    public async Task What_was_masked_and_archived_is_not_done_again()
    {
        for (int i = 0; i < 3; i++)
            await CallAsync(s_start, "carrier");
        RetentionRule[] rules = [new(TimeSpan.FromDays(5), KeepingAction.Mask), new(TimeSpan.FromDays(5), KeepingAction.Archive)];
        Assert.Equal(6, await SweepAsync(s_start.AddDays(10), rules));
        Assert.Equal(0, await SweepAsync(s_start.AddDays(11), rules));
        Assert.Equal(3, await _store.CountAsync(new CallQuery { Archived = true, Masked = true }, default));
    }

    [Fact]
    public async Task An_archived_call_is_erased_when_its_time_comes()
    {
        await CallAsync(s_start, "carrier");
        RetentionRule[] rules = [new(TimeSpan.FromDays(5), KeepingAction.Archive), new(TimeSpan.FromDays(50), KeepingAction.Erase)];
        Assert.Equal(1, await SweepAsync(s_start.AddDays(10), rules));
        Assert.Equal(1, await SweepAsync(s_start.AddDays(60), rules));
        Assert.Equal(0, await _store.CountAsync(new CallQuery { Archived = null }, default));
    }

    [Theory]
    [InlineData(KeepingAction.Erase, true)]
    [InlineData(KeepingAction.Mask, true)]
    [InlineData(KeepingAction.Archive, false)]
    public async Task Recordings_go_with_the_calls_that_name_them_and_one_that_cannot_keeps_no_call(KeepingAction action, bool deletes)
    {
        var started = _calls.Start(at: s_start);
        var recorded = new RecordingStored { EventId = _calls.NewId(), CallId = started.CallId, CausationId = started.EventId, OccurredAt = s_start, Location = "/recordings/a.wav", DurationMs = 1 };
        var failed = new RecordingFailed { EventId = _calls.NewId(), CallId = started.CallId, CausationId = recorded.EventId, OccurredAt = s_start, Why = "full", Location = "/recordings/b.wav" };
        await _store.AppendAsync([.. new CallEvent[] { started, recorded, failed, _calls.End(failed) }.Select(EventToAppend.Of)], default);
        var asked = new List<(string, string)>();
        var log = new RecordingLogger();

        var sweeper = new RetentionSweeper(
            _store, (ICallKeeping)_store, [new RetentionRule(TimeSpan.FromDays(5), action)], new ManualClock(s_start.AddDays(10)), log,
            (node, location) => { asked.Add((node, location)); return location.EndsWith("b.wav", StringComparison.Ordinal) ? "it is not on this machine" : null; });
        Assert.Equal(1, await sweeper.SweepAsync(default));

        Assert.Equal(deletes ? [(started.Node, "/recordings/a.wav"), (started.Node, "/recordings/b.wav")] : [], asked);
        Assert.Equal(deletes, log.Warnings.Any(line => line.Contains($"the recording /recordings/b.wav of call {started.CallId}, made by node {started.Node}, was not deleted", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_call_that_never_ended_is_kept()
    {
        await _store.AppendAsync([EventToAppend.Of(_calls.Start(at: s_start))], default);
        Assert.Equal(0, await SweepAsync(s_start.AddYears(1), new RetentionRule(TimeSpan.FromDays(5), KeepingAction.Erase)));
        Assert.Equal(1, await _store.CountAsync(new CallQuery(), default));
    }

    private Task<long> SweepAsync(DateTimeOffset now, params RetentionRule[] rules) =>
        new RetentionSweeper(_store, (ICallKeeping)_store, rules, new ManualClock(now), NullLogger<RetentionSweeper>.Instance).SweepAsync(default);

    private async Task CallAsync(DateTimeOffset at, string trunk, TransferOutcome outcome = TransferOutcome.Answered)
    {
        var started = _calls.Start(at: at, trunk: trunk);
        var requested = _calls.Request(started);
        var tried = _calls.Try(requested);
        CallEvent done = outcome == TransferOutcome.Answered ? _calls.Complete(tried) : _calls.Fail(tried, outcome);
        await _store.AppendAsync([.. new CallEvent[] { started, requested, tried, done, _calls.End(done) }.Select(EventToAppend.Of)], default);
    }
}
