using EventCalls.Store.Appending;
using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Sqlite;

/// <summary>Writes into the file: one connection, statements prepared once. One caller at a time.</summary>
internal sealed class SqliteAppender : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _readStream;
    private readonly SqliteStatement _readRow;
    private readonly SqliteStatement _insertEvent;
    private readonly SqliteStatement _writeRow;
    private readonly SqliteStatement _insertLate;

    public SqliteAppender(SqliteConnection connection)
    {
        _connection = connection;
        var database = connection.Handle!;
        _begin = new SqliteStatement(database, "begin immediate");
        _commit = new SqliteStatement(database, "commit");
        _rollback = new SqliteStatement(database, "rollback");
        _readStream = new SqliteStatement(database, "select version, event_id, type = 'call_ended' from events where call_id = ?1 order by version");
        _readRow = new SqliteStatement(database, $"select {SqliteSchema.RowColumns} from calls where call_id = ?1");
        _insertEvent = new SqliteStatement(database, "insert into events (call_id, version, event_id, type, occurred_at, data) values (?1, ?2, ?3, ?4, ?5, ?6)");
        _writeRow = new SqliteStatement(database, SqliteRows.Upsert);
        _insertLate = new SqliteStatement(database, "insert into calls_late_events (event_id, call_id, type, data) values (?1, ?2, ?3, ?4) on conflict do nothing");
    }

    public SqliteConnection Connection => _connection;

    public AppendResult Append(IReadOnlyList<EventToAppend> events) => InTransaction(() =>
    {
        var streams = new Dictionary<Guid, StreamState>();
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
                WriteRow(stream.Row!);
        }
        foreach (var e in plan.Late)
            _insertLate.Bind(1, e.Event.EventId).Bind(2, e.Event.CallId).Bind(3, e.Type).Bind(4, e.Data.Span).Run();
        return plan.Result;
    });

    public void WriteRow(CallRow row)
    {
        SqliteRows.Bind(_writeRow, row);
        _writeRow.Run();
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
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                _rollback.Run();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _rollback, _readStream, _readRow, _insertEvent, _writeRow, _insertLate])
            statement.Dispose();
        _connection.Dispose();
    }

    private StreamState ReadState(Guid callId)
    {
        var known = new List<Guid>();
        long version = 0;
        bool ended = false;
        _readStream.Bind(1, callId);
        try
        {
            while (_readStream.Step())
            {
                version = _readStream.Int64(0);
                known.Add(_readStream.Id(1));
                ended |= _readStream.Int64(2) != 0;
            }
        }
        finally
        {
            _readStream.Reset();
        }
        var state = new StreamState(callId, version, ended, version == 0 ? null : ReadRow(callId));
        known.ForEach(state.Know);
        return state;
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
