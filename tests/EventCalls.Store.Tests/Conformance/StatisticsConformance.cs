using EventCalls.Contracts;
using EventCalls.Store.Statistics;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>Counts of ended calls, the same from every kind of store.</summary>
public abstract class StatisticsConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    private static readonly DateTimeOffset s_eight = new(2025, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Without_calls_there_are_no_groups() => Assert.Empty((await CountAsync(new StatisticsQuery())).Groups);

    [Fact]
    public async Task One_call_is_counted_with_its_outcome_its_delay_and_its_decision()
    {
        var events = Calls.Bridged();
        await AppendAsync(events);
        var group = Assert.Single((await CountAsync(new StatisticsQuery { By = Enum.GetValues<StatisticsDimension>() })).Groups);
        Assert.Equal(new StatisticsKey(s_eight, "carrier", "support", "sip:+12222222@127.0.0.1:5090", Draft.Logic, null), group.Key);
        Assert.Equal((1, 1), (group.Calls, group.Answered));
        Assert.Equal([new("answered", 1)], group.Outcomes);
        Assert.Equal(20, group.PostDialDelay.Percentile(0.5));
        Assert.Equal(55, group.Decision.Percentile(0.5));
    }

    [Fact]
    public async Task A_call_that_is_open_is_not_counted_until_it_ends()
    {
        var events = Calls.Bridged();
        await AppendAsync(events[..^1]);
        Assert.Empty((await CountAsync(new StatisticsQuery())).Groups);
        await AppendAsync(events[^1]);
        Assert.Equal(1, Assert.Single((await CountAsync(new StatisticsQuery())).Groups).Calls);
    }

    [Fact]
    public async Task Whole_hours_are_counted()
    {
        foreach (int minute in (int[])[-1, 0, 59, 60, 120])
            await AppendAsync(Ended(s_eight.AddMinutes(minute)));
        var counted = await CountAsync(new StatisticsQuery { From = s_eight.AddMinutes(30), To = s_eight.AddMinutes(61), By = [StatisticsDimension.Hour] });
        Assert.Equal([(s_eight, 2L), (s_eight.AddHours(1), 1L)], counted.Groups.Select(g => (g.Key.Hour!.Value, g.Calls)));
        counted = await CountAsync(new StatisticsQuery { To = s_eight, By = [StatisticsDimension.Day] });
        Assert.Equal([(s_eight.AddHours(-8), 1L)], counted.Groups.Select(g => (g.Key.Hour!.Value, g.Calls)));
    }

    [Fact]
    public async Task The_reason_given_for_a_handoff_is_one_to_group_by()
    {
        foreach (string? reason in (string?[])["queue_full", "vip", null, "vip"])
        {
            var started = Calls.Start();
            var requested = Calls.Request(started) with { Reason = reason };
            var completed = Calls.Complete(Calls.Try(requested));
            await AppendAsync(started, requested, Calls.Try(requested), completed with { CausationId = requested.EventId }, Calls.End(requested));
        }
        var counted = await CountAsync(new StatisticsQuery { By = [StatisticsDimension.Reason] });
        Assert.Equal([(null, 1L), ("queue_full", 1L), ("vip", 2L)], counted.Groups.Select(g => (g.Key.Reason, g.Calls)));
    }

    [Theory]
    [InlineData]
    [InlineData(StatisticsDimension.Trunk)]
    [InlineData(StatisticsDimension.Flow, StatisticsDimension.Target)]
    [InlineData(StatisticsDimension.Hour, StatisticsDimension.Trunk, StatisticsDimension.LogicVersion)]
    [InlineData(StatisticsDimension.Day, StatisticsDimension.Reason)]
    public async Task Calls_of_any_shape_are_counted_as_their_rows_say_in_whatever_pieces_they_were_stored(params StatisticsDimension[] by)
    {
        var events = Enumerable.Range(0, 120).SelectMany(_ => Calls.Any()).ToList();
        foreach (var piece in events.Chunk(37))
            await AppendAsync(piece);
        var rows = (await Store.SearchAsync(new CallQuery { Limit = 1_000 }, None)).Where(row => row.EndedAt is not null).ToList();
        var groups = (await CountAsync(new StatisticsQuery { By = by })).Groups;

        Assert.Equal(rows.Count, groups.Sum(g => g.Calls));
        Assert.Equal(rows.Count(r => r.AnsweredAt is not null), groups.Sum(g => g.Answered));
        foreach (var group in groups)
        {
            var its = rows.Where(row => StatisticsKey.Of(row).Only(by) == group.Key).ToList();
            Assert.Equal(its.Count, group.Calls);
            Assert.Equal(its.GroupBy(r => WireName.Of(r.Outcome) ?? "none").ToDictionary(g => g.Key, g => g.LongCount()), group.Outcomes.ToDictionary());
            Assert.Equal(its.Count(r => r.PostDialDelayMs is not null), group.PostDialDelay.Count());
            Assert.Equal(its.Count(r => r.DecisionMicroseconds is not null), group.Decision.Count());
        }
    }

    [Fact]
    public async Task A_value_of_any_size_is_counted_as_a_histogram_has_it()
    {
        var expected = new LogHistogram();
        foreach (long value in (long[])[-5, 0, 1, 31, 32, 63, 64, 65, 127, 128, 1_000, 1_023, 1_024, (1L << 40) - 1, 1L << 40, 1L << 62, long.MaxValue])
        {
            var started = Calls.Start();
            await AppendAsync(started, Calls.Select(started) with { DecisionMicroseconds = value }, Calls.End(started));
            expected.Add(value);
        }
        var decision = Assert.Single((await CountAsync(new StatisticsQuery())).Groups).Decision;
        Assert.Equal(expected.Buckets, decision.Buckets);
        Assert.Equal(expected.Greatest, decision.Greatest);
    }

    /// <summary>The counts with everything in them that is stored.</summary>
    protected virtual Task<CallStatistics> CountAsync(StatisticsQuery query) => ((ICallStatistics)Store).StatisticsAsync(query, None);

    private List<CallEvent> Ended(DateTimeOffset at)
    {
        var started = Calls.Start(at: at);
        return [started, Calls.End(started)];
    }
}
