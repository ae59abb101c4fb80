using EventCalls.Store.Steering;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>Who did what with dead letters.</summary>
public abstract class DeadLetterConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private IDeadLetterRecord Record => (IDeadLetterRecord)Store;

    [Fact]
    public async Task What_was_done_is_kept_as_it_was_given_and_seen_by_every_process_the_newest_first()
    {
        Assert.Empty(await Record.ListActsAsync(10, None));
        var put = Act(1) with { Act = DeadLetterDeed.PutBack, Letter = "m\u00e4 1" };
        var discarded = Act(2) with { Act = DeadLetterDeed.Discard, Letters = 7 };
        var replayed = Act(3) with { Act = DeadLetterDeed.Replay, Name = "crm" };
        foreach (var act in (DeadLetterAct[])[discarded, replayed, put])
            await Record.KeepActAsync(act, None);

        await using var another = OpenAnother();
        var seen = (IDeadLetterRecord)another;
        Assert.Equal([replayed, discarded, put], await seen.ListActsAsync(10, None));
        Assert.Equal([replayed], await seen.ListActsAsync(1, None));
    }

    [Fact]
    public async Task How_many_it_was_is_added_once_and_never_changed()
    {
        await Record.KeepActAsync(Act(1), None);
        await Record.CountActAsync(Act(1).Id, 3, None);
        await Record.CountActAsync(Act(1).Id, 99, None);
        await Record.CountActAsync(Act(2).Id, 99, None);
        Assert.Equal(Act(1) with { Letters = 3 }, Assert.Single(await Record.ListActsAsync(10, None)));
    }

    private static DeadLetterAct Act(int minute) => new()
    {
        Id = Guid.Parse($"0199c3d2-7a1b-7000-8000-00000000000{minute}"),
        At = s_noon.AddMinutes(minute),
        By = "anna",
        Act = DeadLetterDeed.PutBack,
        Name = "eventcalls-recorder_error",
    };
}
