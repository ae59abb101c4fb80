namespace EventCalls.Store.Statistics;

/// <summary>Counts of ended calls; a role of the store. Both stores give the same numbers.</summary>
public interface ICallStatistics
{
    /// <summary>The counts of the ended calls, grouped as the query asks.</summary>
    /// <returns>By key: first the earliest hour, then by the other values in the order of <see cref="StatisticsKey"/>.</returns>
    /// <exception cref="StoreUnreachableException">The store cannot be used now.</exception>
    Task<CallStatistics> StatisticsAsync(StatisticsQuery query, CancellationToken cancellationToken);
}

/// <summary>Which calls to count, and how to group them; what is null does not matter.</summary>
public sealed record StatisticsQuery
{
    /// <summary>Calls that started in this hour or later, UTC; whole hours are counted.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Calls that started in hours before this one, UTC; an hour that has begun before it counts whole.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>What to group by; nothing gives one group of all.</summary>
    public IReadOnlyList<StatisticsDimension> By { get; init; } = [];

    /// <summary>The first hour that counts.</summary>
    public DateTimeOffset? FirstHour => From is { } from ? HourOf(from) : null;

    /// <summary>The first hour after those that count.</summary>
    public DateTimeOffset? HourBehind => To is { } to ? HourOf(to) is var hour && hour == to ? hour : hour.AddHours(1) : null;

    /// <summary>Whether calls of the cell's hour count.</summary>
    public bool Takes(StatisticsCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return (FirstHour is not { } from || cell.Key.Hour >= from) && (HourBehind is not { } to || cell.Key.Hour < to);
    }

    private static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}

/// <summary>The counts.</summary>
/// <param name="Groups">One for each key that has calls.</param>
public sealed record CallStatistics(IReadOnlyList<StatisticsCell> Groups);
