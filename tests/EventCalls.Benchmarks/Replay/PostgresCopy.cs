using System.Diagnostics;
using EventCalls.Contracts;
using EventCalls.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Benchmarks.Replay;

/// <summary>Fills PostgreSQL with calls, and reads its rows out, both as fast as it can: by COPY.</summary>
internal static class PostgresCopy
{
    private const string EventColumns = "seq_id, id, stream_id, version, data, type, timestamp";

    private const string RowColumns =
        "call_id, sip_call_id, node, trunk, caller, callee, started_at, ended_at, flow, logic_version, handoff, target, outcome, attempts, ended_by, end_cause, last_event_id, version";

    public static async Task FillAsync(string connectionString, ReplayCalls calls, int count)
    {
        const int Part = 20_000;
        await using var source = NpgsqlDataSource.Create(connectionString);
        long position = 0;
        for (int done = 0; done < count; done += Part)
        {
            var part = Enumerable.Range(0, Math.Min(Part, count - done)).Select(_ => calls.Next()).ToList();
            await using var connection = await source.OpenConnectionAsync();
            await StreamsAsync(connection, part);
            position = await EventsAsync(connection, part, position);
            await RowsAsync(connection, part);
        }
        await using var analyze = source.CreateCommand("vacuum (analyze)");
        analyze.CommandTimeout = 600;
        await analyze.ExecuteNonQueryAsync();
    }

    /// <summary>How long reading all rows of the events takes by itself.</summary>
    public static async Task<TimeSpan> ReadOutAsync(string connectionString, string query)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        long began = Stopwatch.GetTimestamp();
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy ({query}) to stdout (format binary)");
        var buffer = new byte[1 << 16];
        while (await copy.ReadAsync(buffer, CancellationToken.None) > 0)
        {
        }
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task StreamsAsync(NpgsqlConnection connection, List<List<CallEvent>> calls)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy mt_streams (id, version) from stdin (format binary)");
        foreach (var call in calls)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(call[0].CallId, NpgsqlDbType.Uuid);
            await copy.WriteAsync((long)call.Count, NpgsqlDbType.Bigint);
        }
        await copy.CompleteAsync();
    }

    private static async Task<long> EventsAsync(NpgsqlConnection connection, List<List<CallEvent>> calls, long position)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy mt_events ({EventColumns}) from stdin (format binary)");
        foreach (var call in calls)
        {
            for (int i = 0; i < call.Count; i++)
            {
                var data = EventToAppend.Of(call[i]);
                await copy.StartRowAsync();
                await copy.WriteAsync(++position, NpgsqlDbType.Bigint);
                await copy.WriteAsync(call[i].EventId, NpgsqlDbType.Uuid);
                await copy.WriteAsync(call[i].CallId, NpgsqlDbType.Uuid);
                await copy.WriteAsync(i + 1L, NpgsqlDbType.Bigint);
                await copy.WriteAsync(data.Data.ToArray(), NpgsqlDbType.Jsonb);
                await copy.WriteAsync(data.Type, NpgsqlDbType.Varchar);
                await copy.WriteAsync(call[i].OccurredAt, NpgsqlDbType.TimestampTz);
            }
        }
        await copy.CompleteAsync();
        return position;
    }

    private static async Task RowsAsync(NpgsqlConnection connection, List<List<CallEvent>> calls)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy calls ({RowColumns}) from stdin (format binary)");
        foreach (var call in calls)
        {
            CallRow? row = null;
            for (int i = 0; i < call.Count; i++)
                row = CallProjection.Apply(row, call[i], i + 1);
            await copy.StartRowAsync();
            await copy.WriteAsync(row!.CallId, NpgsqlDbType.Uuid);
            foreach (string text in new[] { row.SipCallId, row.Node, row.Trunk, row.Caller, row.Callee })
                await copy.WriteAsync(text, NpgsqlDbType.Text);
            await copy.WriteAsync(row.StartedAt, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(row.EndedAt!.Value, NpgsqlDbType.TimestampTz);
            foreach (string text in new[] { row.Flow!, row.LogicVersion!, row.Handoff.ToString()!.ToLowerInvariant(), row.Target!, "answered" })
                await copy.WriteAsync(text, NpgsqlDbType.Text);
            await copy.WriteAsync(row.Attempts, NpgsqlDbType.Integer);
            await copy.WriteAsync("system", NpgsqlDbType.Text);
            await copy.WriteAsync("transferred", NpgsqlDbType.Text);
            await copy.WriteAsync(row.LastEventId, NpgsqlDbType.Uuid);
            await copy.WriteAsync(row.Version, NpgsqlDbType.Bigint);
        }
        await copy.CompleteAsync();
    }
}
