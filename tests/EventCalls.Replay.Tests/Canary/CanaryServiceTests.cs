using EventCalls.Contracts;
using EventCalls.Replay.Canary;
using EventCalls.Store;
using EventCalls.Store.Steering;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Replay.Tests.Canary;

/// <summary>Shares that rise and end as recorded calls show, in a real store.</summary>
public sealed class CanaryServiceTests : IAsyncLifetime
{
    private static readonly CanaryPlan s_plan = CanaryPlan.Usual with { Steps = [new(10, 5, 1), new(50, 20, 1), new(100, 0, 0)], Margin = 0.3 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-canary-");
    private readonly Clock _time = new();
    private ICallStore _store = null!;

    private ILogicSteering Steering => (ILogicSteering)_store;

    public async Task InitializeAsync()
    {
        _store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(_folder.FullName, "calls.db") });
        await _store.MigrateAsync(default);
        Assert.True(await Steering.TryActivateAsync(new LogicActivation { Number = 1, Version = Canaries.Champion, By = "anna", At = Canaries.Noon }, default));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_challenger_that_is_as_good_rises_step_by_step_and_decides_all_calls_at_the_end()
    {
        using var service = Service();
        await StartAsync();
        await CallsAsync(Canaries.Challenger, 5, good: true);
        await CallsAsync(Canaries.Champion, 30, good: true);
        Assert.False(await service.LookAsync(default));
        Assert.Equal("5 of 5 calls, 0 of 1 minutes", service.Status!.Why);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await service.LookAsync(default));
        Assert.False(await service.LookAsync(default));
        Assert.Equal((50, CanaryCounts.None), (service.Status!.Record.Share, service.Status.Counts));

        _time.Advance(TimeSpan.FromMinutes(1));
        await CallsAsync(Canaries.Challenger, 60, good: true);
        await CallsAsync(Canaries.Champion, 60, good: true);
        Assert.True(await service.LookAsync(default));
        var records = await new CanaryShares(_store, _time).ListAsync(10, default);
        Assert.Equal([CanaryChange.Promoted, CanaryChange.Raised, CanaryChange.Started], records.Select(r => r.Change));
        Assert.Equal(["canary", "canary", "anna"], records.Select(r => r.By));
        Assert.Equal(new CanaryCounts(60, 60, 60, 60), records[0].Counts);
        var active = await Steering.LastActivationAsync(default);
        Assert.Equal((2, Canaries.Challenger, "canary", 1L), (active!.Number, active.Version, active.By, active.Before));
    }

    [Fact]
    public async Task A_challenger_whose_calls_fail_is_rolled_back_with_the_reason_and_nothing_is_activated()
    {
        using var service = Service();
        await StartAsync();
        await CallsAsync(Canaries.Champion, 40, good: true);
        await CallsAsync(Canaries.Challenger, 12, good: false);
        Assert.True(await service.LookAsync(default));
        var last = (await new CanaryShares(_store, _time).ListAsync(1, default))[0];
        Assert.Equal((CanaryChange.RolledBack, 0, "canary"), (last.Change, last.Share, last.By));
        Assert.StartsWith("it is worse: 0 of its 12 calls succeeded (0%), 40 of the 40 others (100%); evidence ", last.Note, StringComparison.Ordinal);
        Assert.Equal(1, (await Steering.LastActivationAsync(default))!.Number);
        Assert.False(await service.LookAsync(default));
    }

    [Fact]
    public async Task A_target_that_is_not_there_takes_the_share_at_once_also_where_people_answered_instead()
    {
        using var service = Service();
        await StartAsync();
        for (int i = 0; i < 5; i++)
        {
            Assert.False(await service.LookAsync(default));
            await CallAsync(Canaries.Challenger, good: true, notReached: "sip:agent@voice.example");
        }
        Assert.True(await service.LookAsync(default));
        Assert.Equal("guard: sip:agent@voice.example was not reached 5 times in a row", (await new CanaryShares(_store, _time).ListAsync(1, default))[0].Note);
    }

    [Fact]
    public async Task The_same_target_unreached_by_the_champion_is_no_reason()
    {
        using var service = Service();
        await StartAsync();
        for (int i = 0; i < 10; i++)
            await CallAsync(Canaries.Champion, good: true, notReached: "sip:agent@voice.example");
        Assert.False(await service.LookAsync(default));
    }

    [Fact]
    public async Task A_service_that_starts_later_comes_to_the_same_counts()
    {
        using var first = Service();
        await StartAsync();
        await CallsAsync(Canaries.Challenger, 3, good: true);
        await first.LookAsync(default);
        await CallsAsync(Canaries.Champion, 4, good: false);
        await first.LookAsync(default);
        using var second = Service();
        await second.LookAsync(default);
        Assert.Equal(new CanaryCounts(3, 3, 4, 0), second.Status!.Counts);
        Assert.Equal(first.Status!.Counts, second.Status.Counts);
    }

    [Fact]
    public async Task Calls_count_in_the_order_they_were_decided_in_so_that_quick_failures_do_not_come_first()
    {
        using var service = Service();
        await StartAsync();
        var ringing = Started();
        await AppendAsync(ringing, Selected(ringing, Canaries.Challenger));
        await CallsAsync(Canaries.Challenger, 4, good: false);
        await service.LookAsync(default);
        Assert.Equal(CanaryCounts.None, service.Status!.Counts);
        await AppendAsync(Draft.Ended(CallParty.Caller, CallEndCause.HungUp, 1000).After(ringing, Guid.CreateVersion7(), 1000));
        await service.LookAsync(default);
        Assert.Equal(new CanaryCounts(5, 0, 0, 0), service.Status!.Counts);
    }

    [Fact]
    public async Task Another_version_activated_meanwhile_ends_it()
    {
        using var service = Service();
        await StartAsync();
        Assert.True(await Steering.TryActivateAsync(new LogicActivation { Number = 2, Version = "sha256:c", By = "bob", At = Canaries.Noon }, default));
        Assert.True(await service.LookAsync(default));
        var last = (await new CanaryShares(_store, _time).ListAsync(1, default))[0];
        Assert.Equal((CanaryChange.Stopped, "bob activated or rolled back another version"), (last.Change, last.Note));
    }

    [Fact]
    public async Task Of_two_services_each_change_is_made_by_one()
    {
        using CanaryService first = Service(), second = Service();
        await StartAsync();
        await CallsAsync(Canaries.Champion, 40, good: true);
        await CallsAsync(Canaries.Challenger, 12, good: false);
        bool[] changed = await Task.WhenAll(Task.Run(() => first.LookAsync(default)), Task.Run(() => second.LookAsync(default)));
        Assert.Contains(true, changed);
        Assert.Equal(2, (await new CanaryShares(_store, _time).ListAsync(10, default)).Count);
    }

    [Fact]
    public async Task A_second_challenger_is_refused_while_one_has_a_share_and_a_stop_is_done_once()
    {
        await StartAsync();
        var shares = new CanaryShares(_store, _time);
        var refused = await Assert.ThrowsAsync<CanaryRefusedException>(() => shares.StartAsync("sha256:c", s_plan, "bob", null, default));
        Assert.Contains("has 10 % of the calls, since anna started it", refused.Message);
        Assert.True((await shares.StopAsync("bob", "enough", default)).Changed);
        Assert.False((await shares.StopAsync("bob", "enough", default)).Changed);
        Assert.Contains("decides all calls already", (await Assert.ThrowsAsync<CanaryRefusedException>(() => shares.StartAsync(Canaries.Champion, s_plan, "bob", null, default))).Message);
    }

    private CanaryService Service() => new(_store, _time, NullLogger<CanaryService>.Instance);

    private Task StartAsync() => new CanaryShares(_store, _time).StartAsync(Canaries.Challenger, s_plan, "anna", null, default);

    private async Task CallsAsync(string version, int count, bool good)
    {
        for (int i = 0; i < count; i++)
            await CallAsync(version, good);
    }

    private async Task CallAsync(string version, bool good, string? notReached = null)
    {
        var handoff = Guid.CreateVersion7();
        var started = Started();
        var selected = Selected(started, version);
        var events = new List<CallEvent> { started, selected };
        if (notReached is not null)
        {
            events.Add(Draft.Attempt(handoff, 1, HandoffMethod.Invite, notReached).After(events[^1], Guid.CreateVersion7(), 1));
            events.Add(Draft.Failed(handoff, 1, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 503 }, final: false).After(events[^1], Guid.CreateVersion7(), 1));
        }
        events.Add(Draft.Attempt(handoff, 2, HandoffMethod.Invite, "sip:people@example.com").After(events[^1], Guid.CreateVersion7(), 1));
        var evidence = new SipEvidence { Source = "response", Status = good ? 200 : 486 };
        events.Add(good
            ? Draft.Completed(handoff, 2, HandoffMethod.Invite, evidence).After(events[^1], Guid.CreateVersion7(), 1)
            : Draft.Failed(handoff, 2, HandoffMethod.Invite, evidence).After(events[^1], Guid.CreateVersion7(), 1));
        events.Add(Draft.Ended(CallParty.Caller, CallEndCause.HungUp, 1000).After(events[^1], Guid.CreateVersion7(), 1000));
        await AppendAsync([.. events]);
    }

    private CallStarted Started() => Draft.Started(Guid.CreateVersion7(), Guid.CreateVersion7(), _time.GetUtcNow());

    private static FlowSelected Selected(CallStarted started, string version) => (Draft.Selected() with { LogicVersion = version }).After(started, Guid.CreateVersion7(), 1);

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = Canaries.Noon;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan span) => _now += span;
    }

    private async Task AppendAsync(params CallEvent[] events) => await _store.AppendAsync([.. events.Select(EventToAppend.Of)], default);
}
