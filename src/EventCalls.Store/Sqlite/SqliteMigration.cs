using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Sqlite;

/// <summary>Creates the tables and knows whether they are there.</summary>
internal static class SqliteMigration
{
    public static void Run(SqliteFile file, SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        if (VersionOf(connection) > SqliteSchema.Version)
            throw WrittenByNewer(file);
        using var command = connection.CreateCommand();
        command.CommandText = $"{SqliteSchema.Create} pragma user_version = {SqliteSchema.Version};";
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    public static void Check(SqliteFile file, SqliteConnection connection)
    {
        int version = VersionOf(connection);
        if (version > SqliteSchema.Version)
            throw WrittenByNewer(file);
        if (version < SqliteSchema.Version)
        {
            throw new StoreUnreachableException(
                file.Description, "it has no tables of EventCalls", "The service makes them when it starts; or name the right file in EventCalls:Store:Sqlite.");
        }
    }

    private static int VersionOf(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma user_version";
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static StoreUnreachableException WrittenByNewer(SqliteFile file) =>
        new(file.Description, "a newer version of EventCalls wrote it", "Use that version, or name another file in EventCalls:Store:Sqlite.");
}
