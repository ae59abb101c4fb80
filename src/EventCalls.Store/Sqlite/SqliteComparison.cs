using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Sqlite;

/// <summary>Compares the tables of a file with those that this version makes.</summary>
internal static class SqliteComparison
{
    private const string Columns = """
        select 'table ' || name from sqlite_master where type = 'table' and name not like 'sqlite\_%' escape '\'
        union all select 'column ' || t.name || '.' || c.name || ' ' || lower(c.type) || (case when c."notnull" then ' not null' else '' end)
        from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite\_%' escape '\'
        union all select 'index ' || i.name || ' on ' || i.tbl_name || '.' || c.name from sqlite_master i, pragma_index_info(i.name) c
        where i.type = 'index' and i.name not like 'sqlite\_%' escape '\'
        """;

    /// <summary>What is missing in the file, a sentence each.</summary>
    public static IReadOnlyList<string> Of(SqliteConnection connection, int version)
    {
        List<string> differences = version == SqliteSchema.Steps.Length ? []
            : [$"Its tables are of schema {version}; this version needs {SqliteSchema.Steps.Length}."];
        using var model = new SqliteConnection("Data Source=:memory:");
        model.Open();
        foreach (var step in SqliteSchema.Steps)
        {
            using var command = model.CreateCommand();
            command.CommandText = step.Sql;
            command.ExecuteNonQuery();
        }

        var missing = Lines(model).Except(Lines(connection)).ToList();
        // What a table that is not there would have is not said as well.
        var tables = missing.Where(line => line.StartsWith("table ", StringComparison.Ordinal)).Select(line => $"{line["table ".Length..]}.").ToList();
        return [.. differences, .. missing.Where(line => !tables.Exists(table => IsOf(table, line))).Select(line => $"There is no {line}.")];
    }

    private static bool IsOf(string table, string line) =>
        line.StartsWith($"column {table}", StringComparison.Ordinal) || (line.StartsWith("index ", StringComparison.Ordinal) && line.Contains($" on {table}", StringComparison.Ordinal));

    private static List<string> Lines(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Columns;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
            lines.Add(reader.GetString(0));
        return lines;
    }
}
