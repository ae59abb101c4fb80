using EventCalls.Store.Statistics;
using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Sqlite;

/// <summary>Counts ended calls when it is asked: a file holds few enough of them.</summary>
internal static class SqliteStatistics
{
    private const int CallsPerLookAround = 10_000;

    public static CallStatistics Read(SqliteConnection connection, StatisticsQuery query, CancellationToken cancellationToken)
    {
        // Calls move from one table to the other when they are erased: both are read as they were at one moment.
        using var moment = connection.BeginTransaction(deferred: true);
        string where = "ended_at is not null";
        if (query.FirstHour is not null)
            where += " and started_at >= ?1";
        if (query.HourBehind is not null)
            where += " and started_at < ?2";
        using var statement = new SqliteStatement(connection.Handle!, $"select {SqliteSchema.RowColumns} from calls where {where}");
        if (query.FirstHour is { } first)
            statement.Bind(1, first);
        if (query.HourBehind is { } behind)
            statement.Bind(2, behind);
        var fold = new StatisticsFold(query);
        for (int n = 0; statement.Step(); n++)
        {
            if (n % CallsPerLookAround == 0)
                cancellationToken.ThrowIfCancellationRequested();
            fold.Add(SqliteRows.Read(statement));
        }
        foreach (var cell in SqliteKeeping.Counted(connection))
        {
            if (query.Takes(cell))
                fold.Add(cell);
        }
        return new CallStatistics(fold.ToGroups());
    }
}
