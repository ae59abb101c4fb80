using EventCalls.Contracts;
using EventCalls.Marten.Appending;
using EventCalls.Marten.Connections;
using EventCalls.Store;
using EventCalls.Store.Appending;
using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Benchmarks.Appending;

/// <summary>How events were appended before the store was Marten's: in one transaction and two round trips, without a session. Kept for the comparison.</summary>
/// <remarks>
/// The first round trip locks the streams and reads what the rules need; the second writes and commits. A stream that another transaction
/// creates in between makes the insert fail, and the append is done again. Sequence numbers are drawn last, when nothing can fail any more but the connection: they leave hardly any holes,
/// and those for a short time.
/// </remarks>
internal sealed class PostgresAppender
{
    private const int MaxTries = 20;
    private const int CachedStreams = 20_000;

    private const string InsertStreams = "insert into mt_streams (id, version) select * from unnest($1, $2)";

    private const string UpdateStreams =
        "update mt_streams set version = changed.version, timestamp = now() from unnest($1, $2) as changed (id, version) where mt_streams.id = changed.id";

    private const string InsertEvents = """
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
        select nextval('mt_events_sequence'), * from unnest($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string InsertEventsWithCauses = """
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, causation_id, correlation_id)
        select nextval('mt_events_sequence'), e.id, e.stream_id, e.version, e.data, e.type, e.timestamp, e.mt_dotnet_type,
          nullif(e.causation_id, '00000000-0000-0000-0000-000000000000')::text, e.stream_id::text
        from unnest($1, $2, $3, $4, $5, $6, $7, $8) as e (id, stream_id, version, data, type, timestamp, mt_dotnet_type, causation_id)
        """;

    private const string InsertLate =
        "insert into calls_late_events (event_id, call_id, type, data) select * from unnest($1, $2, $3, $4) on conflict do nothing";

    private static readonly Dictionary<string, string> s_dotnetTypes =
        CallEventNames.All.ToDictionary(e => e.Name, e => $"{e.Type.FullName}, {e.Type.Assembly.GetName().Name}");

    private readonly NpgsqlDataSource _source;
    private readonly string _store;
    private readonly StreamCache _cache = new(CachedStreams);
    private readonly PostgresStreams _streams;

    private readonly bool _withCauses;

    /// <param name="source">Gives the connections.</param>
    /// <param name="store">What errors call the store.</param>
    /// <param name="withCauses">Whether the columns of cause and correlation are filled, which they were not then.</param>
    public PostgresAppender(NpgsqlDataSource source, string store, bool withCauses)
    {
        _withCauses = withCauses;
        _source = source;
        _store = store;
        _streams = new PostgresStreams(_cache);
    }

    public async Task<AppendResult> AppendAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await TryAppendAsync(events, cancellationToken);
            }
            catch (PostgresException e) when (PostgresErrors.IsConflict(e) && tries < MaxTries)
            {
            }
        }
    }

    private async Task<AppendResult> TryAppendAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        // Given back to the pool with its transaction open, a connection rolls back.
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var watch = new LockWatch(_source, connection.ProcessID);
        try
        {
            var streams = await _streams.LockAsync(connection, events.Select(e => e.Event.CallId), cancellationToken);
            var plan = AppendPlan.Make(events, streams.ToDictionary(stream => stream.CallId));
            await WriteAsync(connection, plan, streams, cancellationToken);
            _cache.Put(streams);
            return plan.Result;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw PostgresErrors.Locked(_store, await watch.HolderAsync(), e);
        }
    }

    private async Task WriteAsync(
        NpgsqlConnection connection, AppendPlan plan, IReadOnlyList<StreamState> streams, CancellationToken cancellationToken)
    {
        var changed = streams.Where(stream => stream.IsChanged).ToList();
        await using var batch = new NpgsqlBatch(connection);
        AddStreams(batch, InsertStreams, changed.FindAll(stream => stream.IsNew));
        AddStreams(batch, UpdateStreams, changed.FindAll(stream => !stream.IsNew));
        if (changed.Count > 0)
            batch.BatchCommands.Add(PostgresRows.Write(changed.ConvertAll(stream => stream.Row!)));
        if (plan.Late.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertLate)
                .Add(NpgsqlDbType.Uuid, plan.Late, e => e.Event.EventId)
                .Add(NpgsqlDbType.Uuid, plan.Late, e => e.Event.CallId)
                .Add(NpgsqlDbType.Text, plan.Late, e => e.Type)
                .Add(NpgsqlDbType.Jsonb, plan.Late, e => JsonbText.Fit(e.Data)));
        }
        if (plan.Stored.Count > 0)
        {
            var insert = new NpgsqlBatchCommand(_withCauses ? InsertEventsWithCauses : InsertEvents)
                .Add(NpgsqlDbType.Uuid, plan.Stored, e => e.Event.Event.EventId)
                .Add(NpgsqlDbType.Uuid, plan.Stored, e => e.Event.Event.CallId)
                .Add(NpgsqlDbType.Bigint, plan.Stored, e => e.Version)
                .Add(NpgsqlDbType.Jsonb, plan.Stored, e => JsonbText.Fit(e.Event.Data))
                .Add(NpgsqlDbType.Text, plan.Stored, e => e.Event.Type)
                .Add(NpgsqlDbType.TimestampTz, plan.Stored, e => e.Event.Event.OccurredAt.ToUniversalTime())
                .Add(NpgsqlDbType.Text, plan.Stored, e => s_dotnetTypes[e.Event.Type]);
            batch.BatchCommands.Add(_withCauses ? insert.Add(NpgsqlDbType.Uuid, plan.Stored, e => e.Event.Event.CausationId) : insert);
        }
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddStreams(NpgsqlBatch batch, string sql, List<StreamState> streams)
    {
        if (streams.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
                .Add(NpgsqlDbType.Uuid, streams, stream => stream.CallId)
                .Add(NpgsqlDbType.Bigint, streams, stream => stream.Version));
        }
    }
}
