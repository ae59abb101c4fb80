using EventCalls.Store.Appending;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>Writes into the file: one connection, statements prepared once. One caller at a time.</summary>
internal sealed class SqliteAppender : IDisposable
{
    private const int CachedStreams = 20_000;

    private readonly StreamCache _cache = new(CachedStreams);
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _readVersion;
    private readonly SqliteStatement _readStream;
    private readonly SqliteStatement _readRow;
    private readonly SqliteStatement _insertEvent;
    private readonly SqliteStatement _writeRow;
    private readonly SqliteStatement _updateRow;
    private readonly SqliteStatement _insertLate;

    public SqliteAppender(SqliteConnection connection)
    {
        _connection = connection;
        var database = connection.Handle!;
        _begin = new SqliteStatement(database, "begin immediate");
        _commit = new SqliteStatement(database, "commit");
        _rollback = new SqliteStatement(database, "rollback");
        _readVersion = new SqliteStatement(database, "select max(version) from events where call_id = ?1");
        _readStream = new SqliteStatement(database, "select event_id, type = 'call_ended' from events where call_id = ?1");
        _readRow = new SqliteStatement(database, $"select {SqliteSchema.RowColumns} from calls where call_id = ?1");
        _insertEvent = new SqliteStatement(database, "insert into events (call_id, version, event_id, type, occurred_at, data) values (?1, ?2, ?3, ?4, ?5, ?6)");
        _writeRow = new SqliteStatement(database, SqliteRows.Upsert);
        _updateRow = new SqliteStatement(database, SqliteRows.Update);
        _insertLate = new SqliteStatement(database, "insert into calls_late_events (event_id, call_id, type, data) values (?1, ?2, ?3, ?4) on conflict do nothing");
    }

    public SqliteConnection Connection => _connection;

    public AppendResult Append(IReadOnlyList<EventToAppend> events)
    {
        var streams = new Dictionary<Guid, StreamState>();
        var result = InTransaction(() => Append(events, streams));
        _cache.Put(streams.Values);
        return result;
    }

    public void WriteRow(CallRow row, bool isNew)
    {
        if (!isNew)
        {
            SqliteRows.BindChanging(_updateRow, row).Run();
            if (raw.sqlite3_changes(_connection.Handle) == 1)
                return;
        }
        SqliteRows.Bind(_writeRow, row).Run();
    }

    /// <summary>Runs the work in a transaction that holds the file's only write lock from its beginning.</summary>
    public T InTransaction<T>(Func<T> work)
    {
        _begin.Run();
        try
        {
            var result = work();
            _commit.Run();
            return result;
        }
        catch
        {
            // SQLite may have rolled back by itself (disk full, I/O error); then there is nothing left to undo.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                _rollback.Run();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _rollback, _readVersion, _readStream, _readRow, _insertEvent, _writeRow, _updateRow, _insertLate])
            statement.Dispose();
        _connection.Dispose();
    }

    private AppendResult Append(IReadOnlyList<EventToAppend> events, Dictionary<Guid, StreamState> streams)
    {
        foreach (var e in events)
        {
            if (!streams.ContainsKey(e.Event.CallId))
                streams.Add(e.Event.CallId, ReadState(e.Event.CallId));
        }
        var plan = AppendPlan.Make(events, streams);
        foreach (var (e, version) in plan.Stored)
        {
            _insertEvent.Bind(1, e.Event.CallId).Bind(2, version).Bind(3, e.Event.EventId).Bind(4, e.Type)
                .Bind(5, e.Event.OccurredAt).Bind(6, e.Data.Span).Run();
        }
        foreach (var stream in streams.Values)
        {
            if (stream.IsChanged)
                WriteRow(stream.Row!, isNew: stream.IsNew || stream.IsStarted);
        }
        foreach (var e in plan.Late)
            _insertLate.Bind(1, e.Event.EventId).Bind(2, e.Event.CallId).Bind(3, e.Type).Bind(4, e.Data.Span).Run();
        return plan.Result;
    }

    private StreamState ReadState(Guid callId)
    {
        long version = ReadVersion(callId);
        if (_cache.Take(callId) is { } cached && cached.StoredVersion == version)
            return cached;
        if (version == 0)
            return new StreamState(callId);
        var state = new StreamState(callId, version, row: ReadRow(callId));
        _readStream.Bind(1, callId);
        try
        {
            while (_readStream.Step())
            {
                state.Know(_readStream.Id(0));
                state.Ended |= _readStream.Int64(1) != 0;
            }
        }
        finally
        {
            _readStream.Reset();
        }
        return state;
    }

    private long ReadVersion(Guid callId)
    {
        _readVersion.Bind(1, callId).Step();
        long version = _readVersion.Int64(0);
        _readVersion.Reset();
        return version;
    }

    private CallRow? ReadRow(Guid callId)
    {
        _readRow.Bind(1, callId);
        try
        {
            return _readRow.Step() ? SqliteRows.Read(_readRow) : null;
        }
        finally
        {
            _readRow.Reset();
        }
    }
}
