using System.Runtime.CompilerServices;
using EventCalls.Contracts;
using EventCalls.Marten.Appending;
using EventCalls.Marten.Connections;
using EventCalls.Marten.Keeping;
using EventCalls.Marten.Notifying;
using EventCalls.Marten.Reading;
using EventCalls.Marten.Schema;
using EventCalls.Marten.Steering;
using EventCalls.Store;
using EventCalls.Store.Keeping;
using EventCalls.Store.Notifying;
using EventCalls.Store.Statistics;
using EventCalls.Store.Steering;
using Marten;
using Npgsql;

namespace EventCalls.Marten;

/// <summary>The store in PostgreSQL: the event store of Marten, and tables of our own in the same schema.</summary>
internal sealed partial class MartenCallStore : ICallStore, ICallStatistics, ICallKeeping, INodeNames, IWebhookQueue, ILogicSteering, IDeadLetterRecord, IValueRecord
{
    private readonly SchemaChanges _schemaChanges;
    private readonly NpgsqlDataSource _source;
    private readonly DocumentStore _marten;
    private readonly SchemaMigration _schema;
    private readonly MartenAppender _appender;
    private readonly CallReader _reader;
    private readonly PositionReader _positions;
    private readonly ProjectionRebuild _rebuild;
    private readonly CallStatisticsReader _statistics;
    private readonly CallKeeping _keeping;
    private readonly WebhookQueue _webhooks;
    private readonly LogicSteering _steering;
    private readonly ValueRecord _values;
    private readonly DeadLetterRecord _deadLetters;
    private readonly string _connectionString;
    private volatile bool _isOfThisVersion;

    /// <param name="settings">How to connect.</param>
    /// <param name="schemaChanges">What may be done to the tables.</param>
    /// <param name="headerIndex">Whether there is an index of headers.</param>
    public MartenCallStore(NpgsqlConnectionStringBuilder settings, SchemaChanges schemaChanges, bool headerIndex)
    {
        HasHeaderIndex = headerIndex;
        _schemaChanges = schemaChanges;
        Description = $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
        _connectionString = settings.ConnectionString;
        _source = NpgsqlDataSource.Create(settings);
        _marten = new DocumentStore(MartenOptions.Of(_source, settings, headerIndex));
        _schema = new SchemaMigration(_marten, _source, Description);
        _reader = new CallReader(_source, headerIndex);
        _appender = new MartenAppender(_marten, _source, Description);
        _positions = new PositionReader(_source, _reader, Description, TimeProvider.System);
        _rebuild = new ProjectionRebuild(_marten, _source);
        _statistics = new CallStatisticsReader(_source);
        _keeping = new CallKeeping(_marten, _source);
        _webhooks = new WebhookQueue(_source);
        _steering = new LogicSteering(_source);
        _values = new ValueRecord(_source);
        _deadLetters = new DeadLetterRecord(_source);
    }

    public string Description { get; }

    public bool HasHeaderIndex { get; }

    public Task MigrateAsync(CancellationToken cancellationToken) => ExplainAsync(async () =>
    {
        await _schema.RunAsync(_schemaChanges, cancellationToken);
        return _isOfThisVersion = true;
    });

    public Task<IReadOnlyList<string>> CheckSchemaAsync(CancellationToken cancellationToken) => ExplainAsync(() => _schema.CheckAsync(cancellationToken));

    public string CreationScript() => _schema.CreationScript();

    public Task<string?> UpdateScriptAsync(CancellationToken cancellationToken) => ExplainAsync(() => _schema.UpdateScriptAsync(cancellationToken));

    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await ExplainAsync(() => SchemaVersion.CheckAsync(_source, Description, cancellationToken));
        await GuardAsync(() => _reader.CallAsync(Guid.Empty, cancellationToken));
    }

    public Task<IReadOnlyList<string>> FindDamageAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public async Task<AppendResult> AppendAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        try
        {
            return await GuardAsync(() => _appender.AppendAsync(events, cancellationToken));
        }
        catch (Exception e) when (e is OperationCanceledException or StoreUnreachableException { InnerException: not PostgresException })
        {
            // The connections beside it go the same way, and may be as dead without knowing: the next try makes a new one.
            _source.Clear();
            throw;
        }
    }

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(Guid callId, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<StoredEvent>>(async () => await _reader.StreamAsync(callId, cancellationToken));

    public Task<long> LastPositionAsync(CancellationToken cancellationToken) => GuardAsync(() => _positions.FinalPositionAsync(0, cancellationToken));

    public async IAsyncEnumerable<StoredEvent> ReadAllAsync(EventRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long after = range.AfterPosition;
        long last = await GuardAsync(() => _positions.FinalPositionAsync(after, cancellationToken));
        while (after < last)
        {
            var page = await GuardAsync(() => _positions.PageAsync(after, last, range, cancellationToken));
            foreach (var e in page)
                yield return e;
            if (PositionReader.IsLast(page))
                yield break;
            after = page[^1].Position;
        }
    }

    public IAsyncEnumerable<CallHistory> ReadCallsAsync(CallQuery query, CancellationToken cancellationToken) => new CallPages(
        (page, size, token) => GuardAsync(() => _reader.CallsAsync(page, newestFirst: false, size, token)),
        (rows, token) => GuardAsync(() => _reader.StreamsAsync(rows, query.EventTypes, token))).ReadAsync(query, cancellationToken);

    public Task<CallRow?> FindAsync(string idOrSipCallId, CancellationToken cancellationToken) => GuardAsync(async () =>
        (Guid.TryParse(idOrSipCallId, out var id) ? await _reader.CallAsync(id, cancellationToken) : null)
            ?? await _reader.CallAsync(idOrSipCallId, cancellationToken));

    public Task<IReadOnlyList<CallRow>> SearchAsync(CallQuery query, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<CallRow>>(async () => await _reader.CallsAsync(query, newestFirst: true, query.SearchLimit, cancellationToken));

    public Task<long> CountAsync(CallQuery query, CancellationToken cancellationToken) => GuardAsync(() => _reader.CountAsync(query, cancellationToken));

    public Task<IReadOnlyList<string>> ListLogicVersionsAsync(string prefix, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<string>>(async () => await _reader.LogicVersionsAsync(prefix, cancellationToken));

    public Task<IReadOnlyList<CallRow>> OpenCallsOfAsync(string node, DateTimeOffset startedBefore, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<CallRow>>(async () => await _reader.OpenAsync(node, startedBefore, cancellationToken));

    public Task<IReadOnlyList<LateEvent>> ReadLateEventsAsync(Guid callId, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<LateEvent>>(async () => await _reader.LateAsync(callId, cancellationToken));

    public Task<long> RebuildProjectionAsync(CancellationToken cancellationToken) => GuardAsync(() => _rebuild.RunAsync(cancellationToken));

    public Task<CallStatistics> StatisticsAsync(StatisticsQuery query, CancellationToken cancellationToken) =>
        GuardAsync(() => _statistics.ReadAsync(query, cancellationToken));

    public Task<int> ArchiveAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken) =>
        GuardAsync(() => _keeping.ArchiveAsync(calls, at, cancellationToken));

    public Task<int> MaskAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken) =>
        GuardAsync(() => _keeping.MaskAsync(calls, at, cancellationToken));

    public Task<int> EraseAsync(IReadOnlyList<Guid> calls, CancellationToken cancellationToken) =>
        GuardAsync(() => _keeping.EraseAsync(calls, cancellationToken));

    public async Task SaveLogicVersionAsync(LogicVersionLoaded version, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            () => _source.CreateCommand("insert into calls_logic_versions (version, loaded_at, sources) values ($1, $2, convert_from($3, 'UTF8')) on conflict do nothing")
                .With(version.Version).With(version.LoadedAt.ToUniversalTime()).With(LogicSourcesJson.Write(version)),
            cancellationToken);
        if (version.Node is { } node)
            await SaveArrivalAsync(new LogicArrival(version.Version, Uploaded: false, node, version.LoadedAt, version.LoadedAt), cancellationToken);
    }

    public Task<LogicVersionLoaded?> FindLogicVersionAsync(string version, CancellationToken cancellationToken) =>
        GuardAsync(() => _reader.LogicVersionAsync(version, cancellationToken));

    public Task SaveHeartbeatAsync(NodeHeartbeat heartbeat, DateTimeOffset receivedAt, CancellationToken cancellationToken) => ExecuteAsync(
        () => _source.CreateCommand(
            """
            insert into calls_nodes (node, running_since, at, stopping, received_at, interval_seconds, report) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (node) do update set
              lost_since = case when excluded.at >= calls_nodes.at and excluded.running_since > calls_nodes.running_since and not calls_nodes.stopping then calls_nodes.running_since else calls_nodes.lost_since end,
              lost_heard_at = case when excluded.at >= calls_nodes.at and excluded.running_since > calls_nodes.running_since and not calls_nodes.stopping then calls_nodes.received_at else calls_nodes.lost_heard_at end,
              running_since = case when excluded.at >= calls_nodes.at then excluded.running_since else calls_nodes.running_since end,
              interval_seconds = case when excluded.at >= calls_nodes.at then excluded.interval_seconds else calls_nodes.interval_seconds end,
              report = case when excluded.at >= calls_nodes.at then excluded.report else calls_nodes.report end,
              stopping = case when excluded.at >= calls_nodes.at then excluded.stopping else calls_nodes.stopping end,
              at = greatest(excluded.at, calls_nodes.at),
              received_at = greatest(excluded.received_at, calls_nodes.received_at)
            """)
            .With(heartbeat.Node).With(heartbeat.RunningSince.ToUniversalTime()).With(heartbeat.At.ToUniversalTime())
            .With(heartbeat.Stopping).With(receivedAt.ToUniversalTime()).With(heartbeat.IntervalSeconds).With(NodeReport.Write(heartbeat.Report)),
        cancellationToken);

    public Task SaveLostAsync(string node, LostRun run, CancellationToken cancellationToken) => ExecuteAsync(
        () => _source.CreateCommand("update calls_nodes set lost_since = $2, lost_heard_at = $3 where node = $1 and running_since = $2 and received_at = $3 and not stopping")
            .With(node).With(run.RunningSince.ToUniversalTime()).With(run.HeardAt.ToUniversalTime()),
        cancellationToken);

    public Task<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<NodeStatus>>(async () => await _reader.NodesAsync(cancellationToken));

    public Task<IHeldName?> TryHoldAsync(string node, CancellationToken cancellationToken) =>
        ExplainAsync<IHeldName?>(async () => await NodeNameLock.TryTakeAsync(_connectionString, node, TimeProvider.System, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        _marten.Dispose();
        await _source.DisposeAsync();
    }

    private Task ExecuteAsync(Func<NpgsqlCommand> make, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await using var command = make();
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    private Task GuardAsync(Func<Task> work) => GuardAsync(async () =>
    {
        await work();
        return true;
    });

    /// <summary>Does the work when the tables are those of this version, which is looked at once.</summary>
    private Task<T> GuardAsync<T>(Func<Task<T>> work) => ExplainAsync(async () =>
    {
        if (!_isOfThisVersion)
            _isOfThisVersion = await SchemaVersion.CheckAsync(_source, Description, CancellationToken.None);
        return await work();
    });

    private async Task<T> ExplainAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is not (StoreUnreachableException or OperationCanceledException) && PostgresErrors.Of(e) is { } cause)
        {
            // Marten puts the driver's errors into its own.
            throw PostgresErrors.Explain(Description, cause);
        }
    }
}
