using System.Text.Json;
using EventCalls.Store.Keeping;
using EventCalls.Store.Statistics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>Archives, masks and erases ended calls; each method is one transaction.</summary>
internal static class SqliteKeeping
{
    public static int Archive(SqliteAppender appender, IReadOnlyList<Guid> calls, DateTimeOffset at) => appender.InTransaction(() =>
    {
        using var archive = Prepare(appender, "update calls set archived_at = ?2 where call_id = ?1 and ended_at is not null and archived_at is null");
        int archived = 0;
        foreach (var call in calls)
        {
            archive.Bind(1, call).Bind(2, at).Run();
            archived += raw.sqlite3_changes(appender.Connection.Handle);
        }
        return archived;
    });

    public static int Mask(SqliteAppender appender, IReadOnlyList<Guid> calls, DateTimeOffset at) => Overwriting(appender, () =>
    {
        using var write = Prepare(appender, "update events set data = ?2 where position = ?1");
        using var writeLate = Prepare(appender, "update calls_late_events set data = ?2 where event_id = ?1");
        int masked = 0;
        foreach (var row in Ended(appender.Connection, calls).Where(row => row.MaskedAt is null))
        {
            var stream = SqliteReader.Stream(appender.Connection, row.CallId);
            var late = SqliteReader.Late(appender.Connection, row.CallId);
            var after = CallMask.Mask(stream, late, [], at);
            for (int i = 0; i < stream.Count; i++)
                write.Bind(1, stream[i].Position).Bind(2, after.Events[i]).Run();
            for (int i = 0; i < late.Count; i++)
                writeLate.Bind(1, late[i].EventId).Bind(2, after.Late[i]).Run();
            appender.WriteRow(after.Row, isNew: true);
            masked++;
        }
        return masked;
    });

    public static int Erase(SqliteAppender appender, IReadOnlyList<Guid> calls) => Overwriting(appender, () =>
    {
        var ended = Ended(appender.Connection, calls);
        string[] deletes = ["delete from events where call_id = ?1", "delete from calls_late_events where call_id = ?1", "delete from calls where call_id = ?1"];
        foreach (string sql in deletes)
        {
            using var delete = Prepare(appender, sql);
            foreach (var row in ended)
                delete.Bind(1, row.CallId).Run();
        }
        KeepCounted(appender, ended.ConvertAll(CallMask.Counted));
        return ended.Count;
    });

    /// <summary>The counts of the calls that were erased.</summary>
    public static IEnumerable<StatisticsCell> Counted(SqliteConnection connection)
    {
        using var read = new SqliteStatement(connection.Handle!, "select cell from calls_counted");
        while (read.Step())
            yield return JsonSerializer.Deserialize(read.Utf8(0), StatisticsJson.Default.StatisticsCell)!;
    }

    /// <summary>Runs the work in a transaction, after which what it took out is not in the files either: not in pages that became free, and not in the log.</summary>
    private static int Overwriting(SqliteAppender appender, Func<int> work)
    {
        var connection = appender.Connection;
        try
        {
            SqliteFile.Execute(connection, "pragma secure_delete = on");
            int done = appender.InTransaction(work);
            // A reader that is at work keeps the log as it is. Then the log begins anew, and is written over, when there is none for a moment.
            if (done > 0)
                SqliteFile.TryEmptyLog(connection);
            return done;
        }
        finally
        {
            SqliteFile.Execute(connection, SqliteFile.OverwritesCells);
        }
    }

    private static void KeepCounted(SqliteAppender appender, List<CallRow> erased)
    {
        using var read = Prepare(appender, "select cell from calls_counted where id = ?1");
        using var write = Prepare(appender, "insert into calls_counted (id, cell) values (?1, ?2) on conflict (id) do update set cell = excluded.cell");
        foreach (var calls in erased.GroupBy(StatisticsKey.Of))
        {
            var id = calls.Key.ToId();
            var cell = read.Bind(1, id).Step()
                ? JsonSerializer.Deserialize(read.Utf8(0), StatisticsJson.Default.StatisticsCell)!
                : new StatisticsCell { Key = calls.Key };
            read.Reset();
            foreach (var call in calls)
                cell.Add(call);
            write.Bind(1, id).Bind(2, JsonSerializer.SerializeToUtf8Bytes(cell, StatisticsJson.Default.StatisticsCell)).Run();
        }
    }

    private static List<CallRow> Ended(SqliteConnection connection, IReadOnlyList<Guid> calls) =>
        [.. calls.Distinct().Select(id => SqliteReader.Call(connection, id)).OfType<CallRow>().Where(row => row.EndedAt is not null)];

    private static SqliteStatement Prepare(SqliteAppender appender, string sql) => new(appender.Connection.Handle!, sql);
}
