using EventCalls.Contracts;
using EventCalls.Marten.Connections;
using EventCalls.Marten.Reading;
using EventCalls.Store;
using Marten;
using Marten.Services;
using Npgsql;

namespace EventCalls.Marten.Appending;

/// <summary>Makes rows of <c>calls</c> again from the streams.</summary>
internal sealed class ProjectionRebuild(IDocumentStore marten, NpgsqlDataSource source)
{
    private const int StreamsPerPage = 200;

    // The lock keeps appends to these streams waiting until the rows are written: so the rows are right, and the store stays in use.
    private const string LockStreams = "select id from mt_streams where id > $1 order by id limit $2 for no key update";

    private const string ReadRows = $"select {CallRows.Columns} from calls where call_id = any($1)";

    private const string DeleteRowsWithoutStream = "delete from calls where not exists (select 1 from mt_streams where mt_streams.id = calls.call_id)";

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        long calls = 0;
        for (var after = Guid.Empty; ;)
        {
            var ids = await PageAsync(connection, after, cancellationToken);
            calls += ids.Count;
            if (ids.Count < StreamsPerPage)
                break;
            after = ids[^1];
        }
        await using var delete = new NpgsqlCommand(DeleteRowsWithoutStream, connection) { CommandTimeout = 600 };
        await delete.ExecuteNonQueryAsync(cancellationToken);
        return calls;
    }

    private async Task<List<Guid>> PageAsync(NpgsqlConnection connection, Guid after, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var locking = new NpgsqlCommand(LockStreams, connection).With(after).With(StreamsPerPage);
        var ids = new List<Guid>();
        await using (var reader = await locking.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                ids.Add(reader.GetGuid(0));
        }
        var wrong = await WrongRowsAsync(connection, [.. ids], cancellationToken);
        if (wrong.Count > 0)
        {
            await using var session = marten.LightweightSession(SessionOptions.ForTransaction(transaction));
            session.QueueOperation(CallRowsOperation.Of(wrong));
            await session.SaveChangesAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return ids;
    }

    /// <summary>The rows of these calls as they should be, without those that are so already: writing is what costs.</summary>
    private static async Task<List<CallRow>> WrongRowsAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<Guid, CallRow>();
        var called = new HashSet<Guid>();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(CallReader.ReadStreams).Add(ids), new NpgsqlBatchCommand(ReadRows).Add(ids) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var e = CallReader.Event(reader);
            rows[e.CallId] = CallProjection.Apply(rows.GetValueOrDefault(e.CallId), e);
            if (CallEventNames.TypeOf(e.Type) is not null)
                called.Add(e.CallId);
        }
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var present = CallRows.Read(reader);
            if (rows.GetValueOrDefault(present.CallId) == present)
                rows.Remove(present.CallId);
        }

        // Other programs keep streams beside ours that are no calls.
        return [.. rows.Values.Where(row => called.Contains(row.CallId))];
    }
}
