using System.Text.Json;
using EventCalls.Marten.Connections;
using EventCalls.Store.Statistics;
using Npgsql;

namespace EventCalls.Marten.Reading;

/// <summary>Counts ended calls when it is asked (docs/adr, 11): the server groups them, what comes over is a row for each group and bucket.</summary>
internal sealed class CallStatisticsReader(NpgsqlDataSource source)
{
    // The buckets of LogHistogram: each doubling from 64 on halves what is left of the value.
    private const string Doublings =
        "array[64,128,256,512,1024,2048,4096,8192,16384,32768,65536,131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432,67108864,134217728,268435456,536870912,"
        + "1073741824,2147483648,4294967296,8589934592,17179869184,34359738368,68719476736,137438953472,274877906944,549755813888,1099511627776,2199023255552,4398046511104,"
        + "8796093022208,17592186044416,35184372088832,70368744177664,140737488355328,281474976710656,562949953421312,1125899906842624,2251799813685248,4503599627370496,"
        + "9007199254740992,18014398509481984,36028797018963968,72057594037927936,144115188075855872,288230376151711744,576460752303423488,1152921504606846976,2305843009213693952,"
        + "4611686018427387904]::bigint[]";

    private static readonly string s_ended = $"""
        select date_trunc('hour', started_at, 'UTC') as hour, date_trunc('day', started_at, 'UTC') as day, trunk, flow, target, logic_version, reason, answered_at,
          coalesce(outcome, 'none') as outcome, {Bucket("post_dial_ms")} as delay, {Bucket("decision_us")} as decision, post_dial_ms, decision_us
        from calls where ended_at is not null and started_at >= $1 and started_at < $2
        """;

    public async Task<CallStatistics> ReadAsync(StatisticsQuery query, CancellationToken cancellationToken)
    {
        // Calls move from one table to the other when they are erased: both are read as they were at one moment.
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var fold = new StatisticsFold(query);
        await using (var calls = new NpgsqlCommand(Grouped(query), connection)
            .With(query.FirstHour?.UtcDateTime ?? DateTime.MinValue).With(query.HourBehind?.UtcDateTime ?? DateTime.MaxValue))
        {
            calls.CommandTimeout = 0;
            await using var reader = await calls.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                fold.Add(Group(reader));
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

    /// <summary>The calls of each group by outcome, by post-dial delay and by decision time; one look at the table gives all three.</summary>
    private static string Grouped(StatisticsQuery query)
    {
        string?[] key =
        [
            query.By.Contains(StatisticsDimension.Hour) ? "hour" : query.By.Contains(StatisticsDimension.Day) ? "day" : null,
            query.By.Contains(StatisticsDimension.Trunk) ? "trunk" : null, query.By.Contains(StatisticsDimension.Flow) ? "flow" : null,
            query.By.Contains(StatisticsDimension.Target) ? "target" : null, query.By.Contains(StatisticsDimension.LogicVersion) ? "logic_version" : null,
            query.By.Contains(StatisticsDimension.Reason) ? "reason" : null,
        ];
        string columns = string.Join(", ", key.Select((column, i) => column ?? (i == 0 ? "null::timestamptz" : "null::text")));
        string sets = string.Join(", ", ((string[])["outcome", "delay", "decision"]).Select(what => $"({string.Join(", ", [.. key.OfType<string>(), what])})"));
        return $"""
            select {columns}, grouping(outcome, delay), count(*), count(answered_at), outcome, coalesce(delay, decision),
              case when grouping(delay) = 0 then max(post_dial_ms) else max(decision_us) end
            from ({s_ended}) as ended group by grouping sets ({sets})
            """;
    }

    private static StatisticsCell Group(NpgsqlDataReader reader)
    {
        var key = new StatisticsKey(reader.Time(0), reader.Text(1), reader.Text(2), reader.Text(3), reader.Text(4), reader.Text(5));
        var cell = new StatisticsCell { Key = key };
        long calls = reader.GetInt64(7);
        switch (reader.GetInt32(6))
        {
            case 0b01:
                (cell.Calls, cell.Answered, cell.Outcomes[reader.GetString(9)]) = (calls, reader.GetInt64(8), calls);
                break;
            case 0b10 when reader.Number(10) is { } bucket:
                Count(cell.PostDialDelay, bucket);
                break;
            case 0b11 when reader.Number(10) is { } bucket:
                Count(cell.Decision, bucket);
                break;
        }
        return cell;

        void Count(LogHistogram histogram, long bucket) => (histogram.Buckets[(int)bucket], histogram.Greatest) = (calls, Math.Max(0, reader.GetInt64(11)));
    }

    // Not greatest(value, 0): that makes 0 of null.
    private static string Bucket(string value) => $"width_bucket({Counted(value)}, {Doublings}) * 32 + ({Counted(value)} >> width_bucket({Counted(value)}, {Doublings}))";

    private static string Counted(string value) => $"case when {value} < 0 then 0 else {value} end";
}
