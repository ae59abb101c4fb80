using EventCalls.Contracts;
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
        using var statement = new SqliteStatement(connection.Handle!, $"select {ColumnsFor(query)} from calls where {where}");
        if (query.FirstHour is { } first)
            statement.Bind(1, first);
        if (query.HourBehind is { } behind)
            statement.Bind(2, behind);
        var fold = new StatisticsFold(query);
        for (int n = 0; statement.Step(); n++)
        {
            if (n % CallsPerLookAround == 0)
                cancellationToken.ThrowIfCancellationRequested();
            fold.Add(Read(statement));
        }
        foreach (var cell in SqliteKeeping.Counted(connection))
        {
            if (query.Takes(cell))
                fold.Add(cell);
        }
        return new CallStatistics(fold.ToGroups());
    }

    // What is neither counted nor grouped by is not read, and no string made of it.
    private static string ColumnsFor(StatisticsQuery query)
    {
        bool byTime = query.By.Contains(StatisticsDimension.Hour) || query.By.Contains(StatisticsDimension.Day);
        return $"answered_at, outcome, decision_us, post_dial_ms, {(byTime ? "started_at" : "null")}, {Asked(StatisticsDimension.Trunk, "trunk")}, {Asked(StatisticsDimension.Flow, "flow")}, "
            + $"{Asked(StatisticsDimension.Target, "target")}, {Asked(StatisticsDimension.LogicVersion, "logic_version")}, {Asked(StatisticsDimension.Reason, "reason")}";

        string Asked(StatisticsDimension dimension, string column) => query.By.Contains(dimension) ? column : "null";
    }

    private static CallRow Read(SqliteStatement statement) => new()
    {
        CallId = default,
        LastEventId = default,
        Version = 0,
        AnsweredAt = statement.Time(0),
        Outcome = WireName.Parse<TransferOutcome>(statement.Text(1)),
        DecisionMicroseconds = statement.Number(2),
        PostDialDelayMs = statement.Number(3),
        StartedAt = statement.Time(4) ?? default,
        Trunk = statement.Text(5) ?? "",
        Flow = statement.Text(6),
        Target = statement.Text(7),
        LogicVersion = statement.Text(8),
        Reason = statement.Text(9),
    };
}
