using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Marten.Connections;
using EventCalls.Store;
using EventCalls.Store.Statistics;
using Npgsql;

namespace EventCalls.Marten.Reading;

/// <summary>Counts ended calls when it is asked (docs/adr, 11).</summary>
internal sealed class CallStatisticsReader(NpgsqlDataSource source)
{
    public async Task<CallStatistics> ReadAsync(StatisticsQuery query, CancellationToken cancellationToken)
    {
        // Calls move from one table to the other when they are erased: both are read as they were at one moment.
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var fold = new StatisticsFold(query);
        await using (var calls = new NpgsqlCommand(Ended(query.By), connection)
            .With(query.FirstHour?.UtcDateTime ?? DateTime.MinValue).With(query.HourBehind?.UtcDateTime ?? DateTime.MaxValue))
        {
            calls.CommandTimeout = 0;
            await using var reader = await calls.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                fold.Add(Row(reader));
        }
        await using var erased = new NpgsqlCommand("select cell from calls_counted", connection);
        await using (var reader = await erased.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var cell = Cell(reader);
                if (query.Takes(cell))
                    fold.Add(cell);
            }
        }
        return new CallStatistics(fold.ToGroups());
    }

    public static StatisticsCell Cell(NpgsqlDataReader reader) => JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(0), StatisticsJson.Default.StatisticsCell)!;

    /// <summary>The rows, with nothing in them but what is counted and what is grouped by: what comes over, and is made an object of, is what counting costs.</summary>
    private static string Ended(IReadOnlyList<StatisticsDimension> by)
    {
        var asked = ((StatisticsDimension, string)[])
        [
            (StatisticsDimension.Trunk, "trunk"), (StatisticsDimension.Flow, "flow"), (StatisticsDimension.Target, "target"),
            (StatisticsDimension.LogicVersion, "logic_version"), (StatisticsDimension.Reason, "reason"),
        ];
        string key = string.Join(", ", asked.Select(column => by.Contains(column.Item1) ? column.Item2 : "null::text"));
        return $"""
            select started_at, answered_at, outcome, post_dial_ms, decision_us, {key}
            from calls where ended_at is not null and started_at >= $1 and started_at < $2
            """;
    }

    private static CallRow Row(NpgsqlDataReader reader) => new()
    {
        CallId = default,
        LastEventId = default,
        Version = 0,
        StartedAt = reader.GetFieldValue<DateTimeOffset>(0),
        AnsweredAt = reader.Time(1),
        Outcome = WireName.Parse<TransferOutcome>(reader.Text(2)),
        PostDialDelayMs = reader.Number(3),
        DecisionMicroseconds = reader.Number(4),
        Trunk = reader.Text(5) ?? "",
        Flow = reader.Text(6),
        Target = reader.Text(7),
        LogicVersion = reader.Text(8),
        Reason = reader.Text(9),
    };
}
