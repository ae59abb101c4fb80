using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Outcomes;
using EventCalls.Store.Statistics;

namespace EventCalls.Console.Pages.Statistics;

/// <summary>What the pictures are made of: counts of ended calls, by whole hours.</summary>
public sealed class StatisticsPageModel
{
    private const int MostTargets = 20;
    private const int MostReasons = 20;

    // Above this many hours a bar is a day.
    private const int MostHours = 72;

    private StatisticsPageModel(DateTimeOffset from, DateTimeOffset to) => (From, To) = (from, to);

    /// <summary>From when calls count, UTC.</summary>
    public DateTimeOffset From { get; }

    /// <summary>Until when calls count, UTC.</summary>
    public DateTimeOffset To { get; }

    /// <summary>How many calls there are.</summary>
    public long Calls { get; private init; }

    /// <summary>One for each hour or day of the time, also where no call was.</summary>
    public IReadOnlyList<StatisticsCell> Times { get; private init; } = [];

    /// <summary>How long each of them is.</summary>
    public TimeSpan Step { get; private init; }

    /// <summary>The outcomes there are, the most frequent first.</summary>
    public IReadOnlyList<string> Outcomes { get; private init; } = [];

    /// <summary>The targets with most calls, and what share of their calls was answered or accepted.</summary>
    public IReadOnlyList<TargetRate> Targets { get; private init; } = [];

    /// <summary>The reasons with most calls.</summary>
    public IReadOnlyList<(string Reason, long Calls)> Reasons { get; private init; } = [];

    /// <summary>How many calls began in each hour of the week, from Monday 0 o'clock UTC.</summary>
    public IReadOnlyList<long> Week { get; private init; } = [];

    /// <summary>Counts.</summary>
    internal static async Task<StatisticsPageModel> ReadAsync(ICallStatistics store, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var query = new StatisticsQuery { From = from, To = to };
        var hours = (await store.StatisticsAsync(query with { By = [StatisticsDimension.Hour] }, cancellationToken).ConfigureAwait(false)).Groups;
        var targets = (await store.StatisticsAsync(query with { By = [StatisticsDimension.Target] }, cancellationToken).ConfigureAwait(false)).Groups;
        var reasons = (await store.StatisticsAsync(query with { By = [StatisticsDimension.Reason] }, cancellationToken).ConfigureAwait(false)).Groups;
        var step = to - from > TimeSpan.FromHours(MostHours) ? TimeSpan.FromDays(1) : TimeSpan.FromHours(1);
        var times = Along(query.FirstHour!.Value, query.HourBehind!.Value, step, hours);
        return new StatisticsPageModel(query.FirstHour!.Value, query.HourBehind!.Value)
        {
            Calls = hours.Sum(h => h.Calls),
            Times = times,
            Step = step,
            Outcomes = [.. hours.SelectMany(h => h.Outcomes).GroupBy(o => o.Key, o => o.Value).OrderByDescending(o => o.Sum()).Select(o => o.Key)],
            Targets = [.. targets.Where(t => t.Key.Target is not null).OrderByDescending(t => t.Calls).Take(MostTargets).Select(TargetRate.Of)],
            Reasons = [.. reasons.Where(r => r.Key.Reason is not null).OrderByDescending(r => r.Calls).Take(MostReasons).Select(r => (r.Key.Reason!, r.Calls))],
            Week = WeekOf(hours),
        };
    }

    private static List<StatisticsCell> Along(DateTimeOffset from, DateTimeOffset to, TimeSpan step, IReadOnlyList<StatisticsCell> hours)
    {
        // Days begin at midnight, whenever the time that was asked for does.
        var first = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % step.Ticks), TimeSpan.Zero);
        var cells = new List<StatisticsCell>();
        for (var at = first; at < to; at += step)
            cells.Add(new StatisticsCell { Key = default(StatisticsKey) with { Hour = at } });
        foreach (var hour in hours)
        {
            int place = (int)((hour.Key.Hour!.Value - first) / step);
            if (place >= 0 && place < cells.Count)
                cells[place].Add(hour);
        }
        return cells;
    }

    private static long[] WeekOf(IReadOnlyList<StatisticsCell> hours)
    {
        var week = new long[7 * 24];
        foreach (var hour in hours)
        {
            var at = hour.Key.Hour!.Value.UtcDateTime;
            week[((((int)at.DayOfWeek + 6) % 7) * 24) + at.Hour] += hour.Calls;
        }
        return week;
    }
}

/// <summary>What share of a target's calls was answered or accepted.</summary>
/// <param name="Target">The target.</param>
/// <param name="Calls">How many calls were handed off to it last.</param>
/// <param name="Rate">The share, and where it lies with 95 % confidence.</param>
public sealed record TargetRate(string Target, long Calls, Estimate Rate)
{
    internal static TargetRate Of(StatisticsCell cell) =>
        new(cell.Key.Target!, cell.Calls, Wilson.Of(cell.Outcomes.GetValueOrDefault("answered") + cell.Outcomes.GetValueOrDefault("accepted"), cell.Calls));
}
