using EventCalls.Marten.Connections;
using EventCalls.Marten.Reading;
using EventCalls.Store.Appending;
using Npgsql;

namespace EventCalls.Benchmarks.Appending;

/// <summary>Begins the transaction of an append: locks the streams that exist, and brings what the rules need to know of them.</summary>
/// <remarks>One round trip; a second one only when another process appended to a stream whose state was kept here.</remarks>
internal sealed class PostgresStreams(StreamCache cache)
{
    // A plan is kept from when the tables were small, and appends look up single rows by key; so scanning whole tables is ruled out.
    private const string NoScans = "set local enable_seqscan = off";

    // Everybody locks in the order of ids: so no two appends can wait for each other.
    private const string Lock = "select id, version from mt_streams where id = any($1) order by id for no key update";

    private const string ReadEvents = "select stream_id, id, type = 'call_ended' from mt_events where stream_id = any($1)";

    private const string ReadRows = $"select {CallRows.Columns} from calls where call_id = any($1)";

    /// <summary>The states of the streams, in the order of their ids.</summary>
    public async Task<IReadOnlyList<StreamState>> LockAsync(NpgsqlConnection connection, IEnumerable<Guid> callIds, CancellationToken cancellationToken)
    {
        var states = callIds.Distinct().Order().Select(id => cache.Take(id) ?? new StreamState(id)).ToList();
        var unknown = states.FindAll(state => state.IsNew).ToDictionary(state => state.CallId);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("begin"),
                new NpgsqlBatchCommand(NoScans),
                new NpgsqlBatchCommand(Lock).Add(states.ConvertAll(state => state.CallId).ToArray()),
            },
        };
        AddReading(batch, unknown);
        var versions = new Dictionary<Guid, long>(states.Count);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                versions.Add(reader.GetGuid(0), reader.GetInt64(1));
            await ReadAsync(reader, unknown, cancellationToken);
        }
        return await WithVersionsAsync(connection, states, versions, cancellationToken);
    }

    private static async Task<IReadOnlyList<StreamState>> WithVersionsAsync(
        NpgsqlConnection connection, List<StreamState> states, Dictionary<Guid, long> versions, CancellationToken cancellationToken)
    {
        var outdated = new Dictionary<Guid, StreamState>();
        for (int i = 0; i < states.Count; i++)
        {
            var state = states[i];
            long version = versions.GetValueOrDefault(state.CallId);
            if (!state.IsNew && state.StoredVersion != version)
                outdated.Add(state.CallId, state = states[i] = new StreamState(state.CallId));
            state.StoredVersion = state.Version = version;
        }
        if (outdated.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            AddReading(batch, outdated);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await ReadAsync(reader, outdated, cancellationToken, first: true);
        }
        return states;
    }

    private static void AddReading(NpgsqlBatch batch, Dictionary<Guid, StreamState> states)
    {
        if (states.Count == 0)
            return;
        Guid[] ids = [.. states.Keys];
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ReadEvents).Add(ids));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ReadRows).Add(ids));
    }

    private static async Task ReadAsync(
        NpgsqlDataReader reader, Dictionary<Guid, StreamState> states, CancellationToken cancellationToken, bool first = false)
    {
        if (!first && !await reader.NextResultAsync(cancellationToken))
            return;
        while (await reader.ReadAsync(cancellationToken))
        {
            var state = states[reader.GetGuid(0)];
            state.Know(reader.GetGuid(1));
            state.Ended |= reader.GetBoolean(2);
        }
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            states[reader.GetGuid(0)].Row = CallRows.Read(reader);
    }
}
