using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Sqlite;

/// <summary>Brings the tables of a file up to date, and knows which version they are of.</summary>
internal static class SqliteMigration
{
    /// <summary>Takes the steps that the file has not taken yet: all of them, or none when one fails.</summary>
    /// <param name="file">The file.</param>
    /// <param name="connection">A connection to it that writes.</param>
    /// <param name="allowed">Whether steps may be taken.</param>
    public static void Run(SqliteFile file, SqliteConnection connection, SchemaChanges allowed)
    {
        MustBeKnown(file, VersionOf(connection));
        if (allowed == SchemaChanges.None && SqliteComparison.Of(connection, VersionOf(connection)) is { Count: > 0 } differences)
            throw SchemaRefusal.Of(file.Description, differences);
        using var transaction = connection.BeginTransaction(deferred: false);
        int version = VersionOf(connection);
        MustBeKnown(file, version);
        foreach (var step in SqliteSchema.Steps.Skip(version))
            Execute(connection, step.Sql);
        Execute(connection, $"pragma user_version = {SqliteSchema.Steps.Length}");
        transaction.Commit();
    }

    /// <summary>The steps from a version to the present one, as SQL.</summary>
    public static string Script(int version) => $"""
        begin immediate;
        {string.Join('\n', SqliteSchema.Steps.Skip(version).Select(step => step.Sql.Trim()))}
        pragma user_version = {SqliteSchema.Steps.Length};
        commit;

        """;

    /// <summary>Throws what is wrong when the tables are not those of this version.</summary>
    public static void Check(SqliteFile file, SqliteConnection connection)
    {
        int version = VersionOf(connection);
        if (version == SqliteSchema.Steps.Length)
            return;
        MustBeKnown(file, version);
        throw version > 0 ? WrittenByOlder(file, version)
            : new StoreUnreachableException(
                file.Description, "it has no tables of EventCalls", "The service makes them when it starts; or name the right file in EventCalls:Store:Sqlite.")
            { HasNoTables = true };
    }

    /// <summary>Throws when a newer version made the tables.</summary>
    public static void MustBeKnown(SqliteFile file, int version)
    {
        if (version > SqliteSchema.Steps.Length)
        {
            throw new StoreUnreachableException(
                file.Description,
                $"a newer version of EventCalls wrote it (schema {version}; this one knows {SqliteSchema.Steps.Length})",
                "Use that version, or name another file in EventCalls:Store:Sqlite.");
        }
    }

    /// <summary>How many steps the file has behind it.</summary>
    public static int VersionOf(SqliteConnection connection)
    {
        int version = Number(connection, "pragma user_version");

        // A file that was written out as SQL and read in again has its tables and does not know their version.
        return version > 0 ? version : SqliteSchema.Steps.TakeWhile(step => Number(connection, step.IsDone) == 1).Count();
    }

    private static int Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static StoreUnreachableException WrittenByOlder(SqliteFile file, int version) => new(
        file.Description,
        $"an older version of EventCalls wrote it (schema {version}; this one needs {SqliteSchema.Steps.Length})",
        "The service brings it up to date when it starts ('eventcalls run'); keep a copy if the older version is to read it again.");
}
