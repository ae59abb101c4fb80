using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>Looks through a whole file for what should not be so.</summary>
internal static class SqliteDamage
{
    /// <summary>What was found, at most a few; reads everything, and stops when it is cancelled.</summary>
    public static IReadOnlyList<string> Find(SqliteConnection connection, CancellationToken cancellationToken)
    {
        using var interrupt = cancellationToken.UnsafeRegister(static handle => raw.sqlite3_interrupt((sqlite3)handle!), connection.Handle);
        return
        [
            .. Texts(connection, "pragma integrity_check(3)").Where(line => line != "ok"),
            .. Texts(connection, "select 'event ' || version || ' of call ' || call_id || ' is no JSON' from events where not json_valid(data) limit 1"),
            .. Texts(connection, "select 'the stream of call ' || call_id || ' has holes' from events group by call_id having max(version) <> count(*) or min(version) <> 1 limit 1"),
            .. Texts(connection, """
                select 'the row of call ' || calls.call_id || ' is not that of its stream' from calls
                where version <> coalesce((select max(events.version) from events where events.call_id = calls.call_id), 0) limit 1
                """),
        ];
    }

    private static List<string> Texts(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(connection.Handle!, sql);
        var texts = new List<string>();
        while (statement.Step())
            texts.Add(statement.Text(0) ?? "a value is missing");
        return texts;
    }
}
