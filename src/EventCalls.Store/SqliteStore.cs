using EventCalls.Store.Sqlite;

namespace EventCalls.Store;

/// <summary>Opens the store in a SQLite file.</summary>
public static class SqliteStore
{
    /// <summary>Makes the store; the file is not touched before its first use.</summary>
    /// <exception cref="ArgumentException">A setting is not usable; the message names it and what would be right.</exception>
    public static ICallStore Open(StoreOptions options)
    {
        var path = options.Sqlite ?? "calls.db";
        if (string.IsNullOrWhiteSpace(path))
            throw new ArgumentException("EventCalls:Store:Sqlite is empty; give the path of a file, such as calls.db, or leave the key out.");
        return new SqliteCallStore(path, options.SqliteDurability, options.SchemaChanges);
    }
}
