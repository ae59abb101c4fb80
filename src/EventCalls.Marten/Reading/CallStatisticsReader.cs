using System.Text.Json;
using EventCalls.Marten.Connections;
using EventCalls.Store.Statistics;
using Npgsql;

namespace EventCalls.Marten.Reading;

/// <summary>Counts ended calls when it is asked.</summary>
internal sealed class CallStatisticsReader(NpgsqlDataSource source)
{
    public async Task<CallStatistics> ReadAsync(StatisticsQuery query, CancellationToken cancellationToken)
    {
        // Calls move from one table to the other when they are erased: both are read as they were at one moment.
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var fold = new StatisticsFold(query);
        await using (var calls = new NpgsqlCommand($"select {CallRows.Columns} from calls where ended_at is not null and started_at >= $1 and started_at < $2", connection)
            .With(query.FirstHour?.UtcDateTime ?? DateTime.MinValue).With(query.HourBehind?.UtcDateTime ?? DateTime.MaxValue))
        {
            calls.CommandTimeout = 0;
            await using var reader = await calls.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                fold.Add(CallRows.Read(reader));
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
        return new CallStatistics(fold.ToGroups(), null);
    }

    public static StatisticsCell Cell(NpgsqlDataReader reader) => JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(0), StatisticsJson.Default.StatisticsCell)!;
}
