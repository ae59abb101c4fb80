using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Marten.Appending;
using EventCalls.Marten.Connections;
using EventCalls.Marten.Reading;
using EventCalls.Store;
using EventCalls.Store.Keeping;
using EventCalls.Store.Statistics;
using Marten;
using Marten.Services;
using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Marten.Keeping;

/// <summary>Archives, masks and erases ended calls: their streams as Marten has them, and their rows, in one transaction of a Marten session.</summary>
internal sealed class CallKeeping(IDocumentStore marten, NpgsqlDataSource source)
{
    // As an append locks them, and in the same order.
    private const string LockStreams = "select id from mt_streams where id = any($1) order by id for no key update";

    private const string EndedRows = $"select {CallRows.Columns} from calls where call_id = any($1) and ended_at is not null";

    // What other applications keep beside their events: a session's headers, cause and correlation.
    private const string ReadBeside = """
        select stream_id, seq_id, jsonb_build_array(headers, causation_id, correlation_id)::text
        from mt_events where stream_id = any($1) and type <> all($2) and num_nonnulls(headers, causation_id, correlation_id) > 0
        """;

    private const string MaskBeside = """
        update mt_events set headers = nullif(masked.beside -> 0, 'null'), causation_id = masked.beside ->> 1, correlation_id = masked.beside ->> 2 from (select
        """;

    // A Call-ID may have the number of who called, as the event has it.
    private static readonly string s_maskEvents = $"""
        update mt_events set data = masked.data, causation_id = case when mt_events.type = 'call_started' then {AppendOperations.CauseOfStart("masked.data")} else mt_events.causation_id end from (select
        """;

    public Task<int> ArchiveAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken) => InTransactionAsync(calls, async connection =>
    {
        await using var command = new NpgsqlCommand(
            "update calls set archived_at = $2 where call_id = any($1) and ended_at is not null and archived_at is null returning call_id", connection)
            .With(calls.ToArray()).With(at.ToUniversalTime());
        var archived = await command.RowsAsync(reader => reader.GetGuid(0), cancellationToken);
        return (archived.Count, Queue);

        void Queue(IDocumentSession session)
        {
            foreach (var call in archived)
                session.Events.ArchiveStream(call);
        }
    }, cancellationToken);

    public Task<int> MaskAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken) => InTransactionAsync(calls, async connection =>
    {
        var rows = (await EndedAsync(connection, calls, cancellationToken)).FindAll(row => row.MaskedAt is null);
        Guid[] ids = [.. rows.Select(row => row.CallId)];
        await using var reading = new NpgsqlCommand(CallReader.ReadStreams, connection).With(ids);
        var events = (await reading.RowsAsync(CallReader.Event, cancellationToken)).ToLookup(e => e.CallId);
        await using var readingLate = new NpgsqlCommand("select event_id, call_id, type, data from calls_late_events where call_id = any($1) order by arrival", connection).With(ids);
        var late = (await readingLate.RowsAsync(CallReader.Late, cancellationToken)).ToLookup(e => e.CallId);

        await using var readingBeside = new NpgsqlCommand(ReadBeside, connection).With(ids).With(CallEventNames.All.Select(e => e.Name).ToArray());
        var beside = (await readingBeside.RowsAsync(r => (CallId: r.GetGuid(0), Position: r.GetInt64(1), Json: Encoding.UTF8.GetBytes(r.GetString(2))), cancellationToken)).ToLookup(e => e.CallId);

        var (masked, maskedLate, maskedBeside, changed) = (new List<(long Position, byte[] Data)>(), new List<(Guid Id, byte[] Data)>(), new List<(long Position, byte[] Data)>(), new List<CallRow>());
        foreach (var id in ids)
        {
            var after = CallMask.Mask([.. events[id]], [.. late[id]], [.. beside[id].Select(e => (ReadOnlyMemory<byte>)e.Json)], at);
            masked.AddRange(events[id].Select((e, i) => (e.Position, after.Events[i])));
            maskedLate.AddRange(late[id].Select((e, i) => (e.EventId, after.Late[i])));
            maskedBeside.AddRange(beside[id].Select((e, i) => (e.Position, after.Beside[i])));
            changed.Add(after.Row);
        }
        return (rows.Count, Queue);

        void Queue(IDocumentSession session)
        {
            if (changed.Count == 0)
                return;
            session.QueueOperation(CallRowsOperation.Of(changed));
            session.QueueOperation(new RowsOperation(s_maskEvents, ") as masked where mt_events.seq_id = masked.seq_id")
                .Add("seq_id", NpgsqlDbType.Bigint, masked, e => e.Position)
                .Add("data", NpgsqlDbType.Jsonb, masked, e => JsonbText.Fit(e.Data)));
            session.QueueOperation(new RowsOperation("update calls_late_events set data = masked.data from (select", ") as masked where calls_late_events.event_id = masked.event_id")
                .Add("event_id", NpgsqlDbType.Uuid, maskedLate, e => e.Id)
                .Add("data", NpgsqlDbType.Jsonb, maskedLate, e => JsonbText.Fit(e.Data)));
            session.QueueOperation(new RowsOperation(MaskBeside, ") as masked where mt_events.seq_id = masked.seq_id")
                .Add("seq_id", NpgsqlDbType.Bigint, maskedBeside, e => e.Position)
                .Add("beside", NpgsqlDbType.Jsonb, maskedBeside, e => JsonbText.Fit(e.Data)));
        }
    }, cancellationToken);

    public Task<int> EraseAsync(IReadOnlyList<Guid> calls, CancellationToken cancellationToken) => InTransactionAsync(calls, async connection =>
    {
        var rows = await EndedAsync(connection, calls, cancellationToken);
        Guid[] ids = [.. rows.Select(row => row.CallId)];
        var cells = await CountedAsync(connection, rows.ConvertAll(CallMask.Counted), cancellationToken);
        return (rows.Count, Queue);

        void Queue(IDocumentSession session)
        {
            if (ids.Length == 0)
                return;
            foreach (string table in (string[])["mt_events where stream_id", "mt_streams where id", "calls_late_events where call_id", "calls where call_id"])
                session.QueueSqlCommand($"delete from {table} = any(?)", ids);
            session.QueueOperation(new RowsOperation("insert into calls_counted (id, cell) select", "on conflict (id) do update set cell = excluded.cell")
                .Add("id", NpgsqlDbType.Uuid, cells, cell => cell.Key.ToId())
                .Add("cell", NpgsqlDbType.Jsonb, cells, Bytes));
        }
    }, cancellationToken);

    private async Task<int> InTransactionAsync(
        IReadOnlyList<Guid> calls, Func<NpgsqlConnection, Task<(int Done, Action<IDocumentSession> Queue)>> work, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var locking = new NpgsqlCommand(LockStreams, connection).With(calls.ToArray()))
            await locking.ExecuteNonQueryAsync(cancellationToken);
        var (done, queue) = await work(connection);
        await using (var session = marten.LightweightSession(SessionOptions.ForTransaction(transaction)))
        {
            queue(session);
            await session.SaveChangesAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return done;
    }

    /// <summary>What is counted of erased calls with the same keys, with these calls added.</summary>
    private static async Task<List<StatisticsCell>> CountedAsync(NpgsqlConnection connection, List<CallRow> erased, CancellationToken cancellationToken)
    {
        // One that erases at a time: of two that add to a cell, one would be forgotten.
        await using (var locking = new NpgsqlCommand("lock table calls_counted in share row exclusive mode", connection))
            await locking.ExecuteNonQueryAsync(cancellationToken);
        var groups = erased.ToLookup(StatisticsKey.Of);
        await using var reading = new NpgsqlCommand("select cell from calls_counted where id = any($1)", connection).With(groups.Select(g => g.Key.ToId()).ToArray());
        var cells = (await reading.RowsAsync(CallStatisticsReader.Cell, cancellationToken)).ToDictionary(cell => cell.Key);
        foreach (var group in groups)
        {
            if (!cells.TryGetValue(group.Key, out var cell))
                cells.Add(group.Key, cell = new StatisticsCell { Key = group.Key });
            foreach (var call in group)
                cell.Add(call);
        }
        return [.. cells.Values];
    }

    private static async Task<List<CallRow>> EndedAsync(NpgsqlConnection connection, IReadOnlyList<Guid> calls, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(EndedRows, connection).With(calls.ToArray());
        return await command.RowsAsync(CallRows.Read, cancellationToken);
    }

    private static ReadOnlyMemory<byte> Bytes(StatisticsCell cell) => JsonSerializer.SerializeToUtf8Bytes(cell, StatisticsJson.Default.StatisticsCell);
}
