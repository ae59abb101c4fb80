using EventCalls.Contracts;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>What operators set for routing logic; each method that writes is one transaction.</summary>
internal static class SqliteValues
{
    private const string Columns = "number, name, value, by, at, note";

    public static OperatorValues? Read(SqliteConnection connection, long seen)
    {
        // One statement, so that the number and the values belong together.
        using var read = Prepare(connection, """
            select last.number, c.name, c.value from (select coalesce(max(number), 0) as number from calls_value_changes) last
            left join calls_value_changes c on c.number in (select max(number) from calls_value_changes group by name) and c.value is not null
            where last.number > ?1
            """);
        read.Bind(1, seen);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        long? number = null;
        while (read.Step())
        {
            number = read.Int64(0);
            if (read.Text(1) is { } name)
                values[name] = read.RequiredText(2);
        }
        return number is { } last ? new OperatorValues(last, values) : null;
    }

    public static IReadOnlyList<ValueChange> List(SqliteConnection connection, string? name, int limit)
    {
        using var read = Prepare(connection, $"select {Columns} from calls_value_changes where ?1 is null or name = ?1 order by number desc limit ?2");
        read.Bind(1, name).Bind(2, limit);
        var changes = new List<ValueChange>();
        while (read.Step())
            changes.Add(new ValueChange { Number = read.Int64(0), Name = read.RequiredText(1), Value = read.Text(2), By = read.RequiredText(3), At = read.RequiredTime(4), Note = read.Text(5) });
        return changes;
    }

    public static bool TryChange(SqliteAppender appender, ValueChange change) => appender.InTransaction(() =>
    {
        using var write = Prepare(appender.Connection, $"""
            insert into calls_value_changes ({Columns}) select ?1, ?2, ?3, ?4, ?5, ?6
            where ?1 = (select coalesce(max(number), 0) + 1 from calls_value_changes)
            """);
        write.Bind(1, change.Number).Bind(2, change.Name).Bind(3, change.Value).Bind(4, change.By).Bind(5, change.At).Bind(6, change.Note).Run();
        return raw.sqlite3_changes(appender.Connection.Handle) == 1;
    });

    private static SqliteStatement Prepare(SqliteConnection connection, string sql) => new(connection.Handle!, sql);
}
