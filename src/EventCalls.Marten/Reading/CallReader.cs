using EventCalls.Contracts;
using EventCalls.Marten.Connections;
using EventCalls.Store;
using Npgsql;

namespace EventCalls.Marten.Reading;

/// <summary>The queries.</summary>
/// <remarks>
/// Not by Marten's session: that one makes objects of the events, and loses what they do not know; here an event's JSON is handed out as it is stored,
/// those of other programs too, at 2.5 times the speed (docs/performance.md).
/// </remarks>
/// <param name="source">Gives the connections.</param>
/// <param name="headerIndex">Whether there is an index of headers.</param>
internal sealed class CallReader(NpgsqlDataSource source, bool headerIndex)
{
    public const string EventColumns = "seq_id, stream_id, version, id, type, data";

    /// <summary>The events of the streams given, each stream's in order. Stream by stream: before the tables were ever analysed the planner would scan them whole instead.</summary>
    public const string ReadStreams = $"""
        select events.* from unnest($1) as stream (id)
        cross join lateral (select {EventColumns} from mt_events where stream_id = stream.id order by version) as events
        """;

    /// <summary>As <see cref="ReadStreams"/>, the events of some types only.</summary>
    private const string ReadStreamsOfTypes = $"""
        select events.* from unnest($1) as stream (id)
        cross join lateral (select {EventColumns} from mt_events where stream_id = stream.id and type = any($2) order by version) as events
        """;

    /// <summary>What a <see cref="HeaderSource"/> has of the first event.</summary>
    public const string StartedHeaders = """
        mt_events, jsonb_to_recordset(mt_events.data -> 'headers') as header (name text, value text)
        where mt_events.stream_id = calls.call_id and mt_events.version = 1 and mt_events.type = 'call_started'
        """;

    // Made into rows, headers take several times as long to look through, and hardly any call has the value.
    private const string HasValue = " and mt_events.data -> 'headers' @> jsonb_build_array(jsonb_build_object('value', {0}::text))";

    private readonly HeaderFinder? _finder = headerIndex ? new HeaderFinder(source) : null;

    public Task<List<StoredEvent>> StreamAsync(Guid callId, CancellationToken cancellationToken) => EventsAsync(
        source.CreateCommand($"select {EventColumns} from mt_events where stream_id = $1 order by version").With(callId),
        cancellationToken);

    /// <summary>The calls with their events, in the order of the rows.</summary>
    public async Task<CallHistory[]> StreamsAsync(List<CallRow> rows, IReadOnlyList<string>? types, CancellationToken cancellationToken)
    {
        var calls = new CallHistory[rows.Count];
        var streams = new Dictionary<Guid, List<StoredEvent>>(rows.Count);
        for (int i = 0; i < calls.Length; i++)
        {
            var stream = new List<StoredEvent>(8);
            streams.Add(rows[i].CallId, stream);
            calls[i] = new CallHistory(rows[i], stream);
        }
        Guid[] ids = [.. streams.Keys];
        await using var command = types is null
            ? source.CreateCommand(ReadStreams).With(ids)
            : source.CreateCommand(ReadStreamsOfTypes).With(ids).With(types.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (callId, events) = (Guid.Empty, new List<StoredEvent>());
        while (await reader.ReadAsync(cancellationToken))
        {
            var e = Event(reader);
            if (e.CallId != callId)
                (callId, events) = (e.CallId, streams[e.CallId]);
            events.Add(e);
        }
        return calls;
    }

    public async Task<List<CallRow>> CallsAsync(CallQuery query, bool newestFirst, int limit, CancellationToken cancellationToken)
    {
        var headers = await HeadersAsync(query, cancellationToken);
        var command = source.CreateCommand();
        command.CommandText = CallFilter.Select(CallRows.Columns, query, newestFirst, limit, headers, (name, value) => command.Parameters.AddWithValue(name, value));
        return await RowsAsync(command, cancellationToken);
    }

    public async Task<long> CountAsync(CallQuery query, CancellationToken cancellationToken)
    {
        var headers = await HeadersAsync(query, cancellationToken);
        var command = source.CreateCommand();
        command.CommandText = CallFilter.Count(query, headers, (name, value) => command.Parameters.AddWithValue(name, value));
        return (await ReadAsync(command, reader => reader.GetInt64(0), cancellationToken))[0];
    }

    public Task<List<string>> LogicVersionsAsync(string prefix, CancellationToken cancellationToken) => ReadAsync(
        source.CreateCommand("select version from calls_logic_versions where starts_with(version, $1) order by version collate \"C\"").With(prefix),
        reader => reader.GetString(0),
        cancellationToken);

    public async Task<CallRow?> CallAsync(Guid callId, CancellationToken cancellationToken) => (await RowsAsync(
        source.CreateCommand($"select {CallRows.Columns} from calls where call_id = $1").With(callId), cancellationToken)).FirstOrDefault();

    public async Task<CallRow?> CallAsync(string sipCallId, CancellationToken cancellationToken) => (await RowsAsync(
        source.CreateCommand($"select {CallRows.Columns} from calls where sip_call_id = $1 order by started_at desc limit 1")
            .With(CallProjection.Text(sipCallId)!),
        cancellationToken)).FirstOrDefault();

    public Task<List<CallRow>> OpenAsync(string node, DateTimeOffset startedBefore, CancellationToken cancellationToken) => RowsAsync(
        source.CreateCommand(
            $"select {CallRows.Columns} from calls where ended_at is null and node = $1 and started_at < $2 order by started_at")
            .With(CallProjection.Text(node)!).With(startedBefore.ToUniversalTime()),
        cancellationToken);

    public Task<List<LateEvent>> LateAsync(Guid callId, CancellationToken cancellationToken) => ReadAsync(
        source.CreateCommand("select event_id, call_id, type, data from calls_late_events where call_id = $1 order by arrival").With(callId),
        Late,
        cancellationToken);

    public async Task<LogicVersionLoaded?> LogicVersionAsync(string version, CancellationToken cancellationToken) => (await ReadAsync(
        source.CreateCommand("select loaded_at, sources from calls_logic_versions where version = $1").With(version),
        reader => LogicSourcesJson.Version(version, reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<byte[]>(1)),
        cancellationToken)).FirstOrDefault();

    public Task<List<NodeStatus>> NodesAsync(CancellationToken cancellationToken) => ReadAsync(
        source.CreateCommand("select node, running_since, at, stopping, received_at, interval_seconds, report, lost_since, lost_heard_at from calls_nodes order by node collate \"C\""),
        reader => new NodeStatus(
            new NodeHeartbeat
            {
                Node = reader.GetString(0),
                RunningSince = reader.GetFieldValue<DateTimeOffset>(1),
                At = reader.GetFieldValue<DateTimeOffset>(2),
                Stopping = reader.GetBoolean(3),
                IntervalSeconds = reader.GetInt32(5),
                Report = NodeReport.Read(reader.Text(6)),
            },
            reader.GetFieldValue<DateTimeOffset>(4),
            reader.IsDBNull(7) ? null : new LostRun(reader.GetFieldValue<DateTimeOffset>(7), reader.GetFieldValue<DateTimeOffset>(8))),
        cancellationToken);

    public Task<List<StoredEvent>> EventsAsync(NpgsqlCommand command, CancellationToken cancellationToken) => ReadAsync(command, Event, cancellationToken);

    public static LateEvent Late(NpgsqlDataReader reader) => new(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3));

    public static StoredEvent Event(NpgsqlDataReader reader) => new()
    {
        Position = reader.GetInt64(0),
        CallId = reader.GetGuid(1),
        Version = reader.GetInt64(2),
        EventId = reader.GetGuid(3),
        Type = reader.GetString(4),
        Data = reader.GetFieldValue<byte[]>(5),
    };

    private async Task<HeaderSource> HeadersAsync(CallQuery query, CancellationToken cancellationToken) =>
        new(StartedHeaders, HasValue, _finder is null ? null : await _finder.AmongAsync(query, cancellationToken));

    private static Task<List<CallRow>> RowsAsync(NpgsqlCommand command, CancellationToken cancellationToken) =>
        ReadAsync(command, CallRows.Read, cancellationToken);

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using (command)
            return await command.RowsAsync(read, cancellationToken);
    }
}
