using System.Globalization;

namespace EventCalls.Store.Statistics;

/// <summary>Counts as a table for people.</summary>
public static class StatisticsText
{
    /// <summary>What can be grouped by, by the words for it.</summary>
    public static IReadOnlyDictionary<string, StatisticsDimension> Dimensions { get; } =
        Enum.GetValues<StatisticsDimension>().ToDictionary(d => d == StatisticsDimension.LogicVersion ? "logic" : d.ToString().ToLowerInvariant());

    /// <summary>The lines of the table, the heading first.</summary>
    public static IEnumerable<string> Lines(CallStatistics statistics, IReadOnlyList<StatisticsDimension> by)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(by);
        List<string[]> rows = [[.. by.Select(d => HeadingOf(d)), "CALLS", "ANSWERED", "POST-DIAL p50/p95", "DECISION p50/p95", "OUTCOMES"]];
        rows.AddRange(statistics.Groups.Select(group => (string[])
        [
            .. by.Select(d => Value(group.Key, d)),
            group.Calls.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"{(group.Calls == 0 ? 0 : 100.0 * group.Answered / group.Calls):0.#}%"),
            Percentiles.Of(group.PostDialDelay) is { } delay ? string.Create(CultureInfo.InvariantCulture, $"{delay.P50}/{delay.P95} ms") : "-",
            Percentiles.Of(group.Decision) is { } decision ? string.Create(CultureInfo.InvariantCulture, $"{decision.P50}/{decision.P95} µs") : "-",
            string.Join(", ", group.Outcomes.OrderByDescending(o => o.Value).ThenBy(o => o.Key, StringComparer.Ordinal).Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Value} {o.Key}"))),
        ]));
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(row => row[i].Length))];
        return rows.Select(row => string.Join("  ", row.Select((text, i) => i >= by.Count && i < row.Length - 1 ? text.PadLeft(widths[i]) : text.PadRight(widths[i]))).TrimEnd());
    }

    private static string HeadingOf(StatisticsDimension dimension) => dimension switch
    {
        StatisticsDimension.Hour => "HOUR (UTC)",
        StatisticsDimension.Day => "DAY (UTC)",
        StatisticsDimension.LogicVersion => "LOGIC",
        _ => dimension.ToString().ToUpperInvariant(),
    };

    private static string Value(StatisticsKey key, StatisticsDimension dimension) => dimension switch
    {
        StatisticsDimension.Hour => key.Hour!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture),
        StatisticsDimension.Day => key.Hour!.Value.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        StatisticsDimension.Trunk => key.Trunk,
        StatisticsDimension.Flow => key.Flow,
        StatisticsDimension.Target => key.Target,
        StatisticsDimension.LogicVersion => key.LogicVersion is { Length: > 19 } version ? version[..19] : key.LogicVersion,
        _ => key.Reason,
    } ?? "-";
}
