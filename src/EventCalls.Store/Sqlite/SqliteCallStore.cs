using System.Runtime.CompilerServices;
using EventCalls.Contracts;
using EventCalls.Store.Keeping;
using EventCalls.Store.Notifying;
using EventCalls.Store.Statistics;
using EventCalls.Store.Steering;
using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Sqlite;

/// <summary>The store in a SQLite file: one writing connection, WAL, any number of readers.</summary>
/// <remarks>SQLite has no asynchronous calls: the work is done on the caller's thread.</remarks>
internal sealed partial class SqliteCallStore(string path, SqliteDurability durability, SchemaChanges schemaChanges) : ICallStore, ICallStatistics, ICallKeeping, INodeNames, IWebhookQueue, ILogicSteering, IDeadLetterRecord, IValueRecord
{
    private const int EventsPerPage = 1_000;
    private const int CallsPerPage = 500;
    private const string NoFile = "There is no such file.";

    private static readonly TimeSpan s_rebuildPause = TimeSpan.FromMilliseconds(10);

    private readonly SqliteFile _file = new(path, durability);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private SqliteAppender? _appender;
    private bool _disposed;

    public string Description => _file.Description;

    public Task MigrateAsync(CancellationToken cancellationToken) => WriteAsync(
        create: true,
        appender => appender.Connection,
        cancellationToken);

    public async Task<IReadOnlyList<string>> CheckSchemaAsync(CancellationToken cancellationToken) =>
        File.Exists(_file.Path) ? await ReadAsync(connection => SqliteComparison.Of(connection, KnownVersionOf(connection)), cancellationToken, anyVersion: true) : [NoFile];

    public string CreationScript() => SqliteMigration.Script(0);

    public async Task<string?> UpdateScriptAsync(CancellationToken cancellationToken)
    {
        int version = File.Exists(_file.Path) ? await ReadAsync(KnownVersionOf, cancellationToken, anyVersion: true) : 0;
        return version >= SqliteSchema.Steps.Length ? null : SqliteMigration.Script(version);
    }

    public Task PingAsync(CancellationToken cancellationToken) => ReadAsync(_ => true, cancellationToken);

    public async Task<IReadOnlyList<string>> FindDamageAsync(CancellationToken cancellationToken) =>
        await ReadAsync(connection => SqliteDamage.Find(connection, cancellationToken), cancellationToken);

    public async Task<AppendResult> AppendAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken) =>
        await WriteAsync(create: false, appender => appender.Append(events), cancellationToken);

    public async Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(Guid callId, CancellationToken cancellationToken) =>
        await ReadAsync(connection => SqliteReader.Stream(connection, callId), cancellationToken);

    public async IAsyncEnumerable<StoredEvent> ReadAllAsync(EventRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One writer at a time: positions are given and become visible in the same order.
        long after = range.AfterPosition;
        while (true)
        {
            var page = await ReadAsync(connection => SqliteReader.Page(connection, after, range, EventsPerPage), cancellationToken);
            foreach (var e in page)
                yield return e;
            if (page.Count < EventsPerPage)
                yield break;
            after = page[^1].Position;
        }
    }

    public Task<long> LastPositionAsync(CancellationToken cancellationToken) => ReadAsync(SqliteReader.LastPosition, cancellationToken);

    public async IAsyncEnumerable<CallHistory> ReadCallsAsync(CallQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int left = query.Limit ?? int.MaxValue;
        while (left > 0)
        {
            int size = Math.Min(left, CallsPerPage);
            var page = await ReadAsync(
                connection => SqliteReader.Histories(connection, query, size),
                cancellationToken);
            foreach (var call in page)
                yield return call;
            if (page.Count < size)
                yield break;
            left -= size;
            query = query with { Behind = CallCursor.Of(page[^1].Call) };
        }
    }

    public Task<CallRow?> FindAsync(string idOrSipCallId, CancellationToken cancellationToken) => ReadAsync(
        connection => (Guid.TryParse(idOrSipCallId, out var id) ? SqliteReader.Call(connection, id) : null)
            ?? SqliteReader.Call(connection, idOrSipCallId),
        cancellationToken);

    public async Task<IReadOnlyList<CallRow>> SearchAsync(CallQuery query, CancellationToken cancellationToken) =>
        await ReadAsync(connection => SqliteReader.Calls(connection, query, newestFirst: true, query.SearchLimit), cancellationToken);

    public Task<long> CountAsync(CallQuery query, CancellationToken cancellationToken) =>
        ReadAsync(connection => SqliteReader.Count(connection, query), cancellationToken);

    public Task<CallStatistics> StatisticsAsync(StatisticsQuery query, CancellationToken cancellationToken) =>
        ReadAsync(connection => SqliteStatistics.Read(connection, query, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<string>> ListLogicVersionsAsync(string prefix, CancellationToken cancellationToken) =>
        await ReadAsync(connection => SqliteReader.LogicVersions(connection, prefix), cancellationToken);

    public async Task<IReadOnlyList<CallRow>> OpenCallsOfAsync(string node, DateTimeOffset startedBefore, CancellationToken cancellationToken) =>
        await ReadAsync(connection => SqliteReader.Open(connection, node, startedBefore), cancellationToken);

    public async Task<IReadOnlyList<LateEvent>> ReadLateEventsAsync(Guid callId, CancellationToken cancellationToken) =>
        await ReadAsync(connection => SqliteReader.Late(connection, callId), cancellationToken);

    public async Task<long> RebuildProjectionAsync(CancellationToken cancellationToken)
    {
        long calls = 0;
        var after = Guid.Empty;
        while (true)
        {
            // Each page is one short transaction with a pause behind it: another process that wants to write only looks now and then.
            var ids = await WriteAsync(create: false, appender => SqliteRebuild.Page(appender, after, CallsPerPage), cancellationToken);
            calls += ids.Count;
            if (ids.Count < CallsPerPage)
                break;
            after = ids[^1];
            await Task.Delay(s_rebuildPause, TimeProvider.System, cancellationToken);
        }
        await Task.Delay(s_rebuildPause, TimeProvider.System, cancellationToken);
        await WriteAsync(create: false, SqliteRebuild.DeleteRowsWithoutStream, cancellationToken);
        return calls;
    }

    public Task<int> ArchiveAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteKeeping.Archive(appender, calls, at), cancellationToken);

    public Task<int> MaskAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteKeeping.Mask(appender, calls, at), cancellationToken);

    public Task<int> EraseAsync(IReadOnlyList<Guid> calls, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteKeeping.Erase(appender, calls), cancellationToken);

    public Task SaveLogicVersionAsync(LogicVersionLoaded version, CancellationToken cancellationToken) => WriteAsync(
        create: false,
        appender =>
        {
            using var statement = new SqliteStatement(
                appender.Connection.Handle!,
                "insert into calls_logic_versions (version, loaded_at, sources) values (?1, ?2, ?3) on conflict do nothing");
            statement.Bind(1, version.Version).Bind(2, version.LoadedAt).Bind(3, LogicSourcesJson.Write(version)).Run();
            return version.Node is not { } node || SqliteSteering.SaveArrival(appender, new LogicArrival(version.Version, Uploaded: false, node, version.LoadedAt, version.LoadedAt));
        },
        cancellationToken);

    public Task<LogicVersionLoaded?> FindLogicVersionAsync(string version, CancellationToken cancellationToken) =>
        ReadAsync(connection => SqliteReader.LogicVersion(connection, version), cancellationToken);

    public Task SaveHeartbeatAsync(NodeHeartbeat heartbeat, DateTimeOffset receivedAt, CancellationToken cancellationToken) => WriteAsync(
        create: false,
        appender =>
        {
            using var statement = new SqliteStatement(
                appender.Connection.Handle!,
                """
                insert into calls_nodes (node, running_since, at, stopping, received_at, interval_seconds, report) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                on conflict (node) do update set
                  lost_since = iif(excluded.at >= calls_nodes.at and excluded.running_since > calls_nodes.running_since and calls_nodes.stopping = 0, calls_nodes.running_since, calls_nodes.lost_since),
                  lost_heard_at = iif(excluded.at >= calls_nodes.at and excluded.running_since > calls_nodes.running_since and calls_nodes.stopping = 0, calls_nodes.received_at, calls_nodes.lost_heard_at),
                  running_since = iif(excluded.at >= calls_nodes.at, excluded.running_since, calls_nodes.running_since),
                  interval_seconds = iif(excluded.at >= calls_nodes.at, excluded.interval_seconds, calls_nodes.interval_seconds),
                  report = iif(excluded.at >= calls_nodes.at, excluded.report, calls_nodes.report),
                  stopping = iif(excluded.at >= calls_nodes.at, excluded.stopping, calls_nodes.stopping),
                  at = max(excluded.at, calls_nodes.at),
                  received_at = max(excluded.received_at, calls_nodes.received_at)
                """);
            statement.Bind(1, heartbeat.Node).Bind(2, heartbeat.RunningSince).Bind(3, heartbeat.At)
                .Bind(4, heartbeat.Stopping ? 1 : 0).Bind(5, receivedAt).Bind(6, heartbeat.IntervalSeconds).Bind(7, NodeReport.Write(heartbeat.Report)).Run();
            return true;
        },
        cancellationToken);

    public Task SaveLostAsync(string node, LostRun run, CancellationToken cancellationToken) => WriteAsync(
        create: false,
        appender =>
        {
            using var statement = new SqliteStatement(
                appender.Connection.Handle!, "update calls_nodes set lost_since = ?2, lost_heard_at = ?3 where node = ?1 and running_since = ?2 and received_at = ?3 and stopping = 0");
            statement.Bind(1, node).Bind(2, run.RunningSince).Bind(3, run.HeardAt).Run();
            return true;
        },
        cancellationToken);

    public async Task<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken) =>
        await ReadAsync(SqliteReader.Nodes, cancellationToken);

    public Task<IHeldName?> TryHoldAsync(string node, CancellationToken cancellationToken) => Task.FromResult<IHeldName?>(SqliteNodeName.TryHold(_file.Path, node));

    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        _disposed = true;
        _appender?.Dispose();
        _appender = null;
        _file.ClosePool();
        _writing.Release();
    }

    private async Task<T> WriteAsync<T>(bool create, Func<SqliteAppender, T> work, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _appender ??= OpenAppender(create);
            return work(_appender);
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException)
        {
            var explained = SqliteErrors.Explain(_file.Description, _file.Path, e);
            if (explained is StoreUnreachableException)
            {
                _appender?.Dispose();
                _appender = null;
            }
            throw explained;
        }
        finally
        {
            _writing.Release();
        }
    }

    private int KnownVersionOf(SqliteConnection connection)
    {
        int version = SqliteMigration.VersionOf(connection);
        SqliteMigration.MustBeKnown(_file, version);
        return version;
    }

    private SqliteAppender OpenAppender(bool create)
    {
        if (create && schemaChanges == SchemaChanges.None && !File.Exists(_file.Path))
            throw SchemaRefusal.Of(Description, [NoFile]);
        var connection = _file.OpenWriter(create);
        try
        {
            if (create)
                SqliteMigration.Run(_file, connection, schemaChanges);
            else
                SqliteMigration.Check(_file, connection);
            return new SqliteAppender(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken, bool anyVersion = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var connection = _file.OpenReader();
            if (!anyVersion)
                SqliteMigration.Check(_file, connection);
            return Task.FromResult(read(connection));
        }
        catch (SqliteException) when (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException)
        {
            return Task.FromException<T>(SqliteErrors.Explain(_file.Description, _file.Path, e));
        }
        catch (StoreUnreachableException e)
        {
            return Task.FromException<T>(e);
        }
    }
}
