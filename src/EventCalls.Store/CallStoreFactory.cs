using EventCalls.Store.Sqlite;

namespace EventCalls.Store;

/// <summary>Opens the store that is configured.</summary>
public static class CallStoreFactory
{
    /// <summary>Makes the store; nothing is connected to before its first use.</summary>
    /// <exception cref="ArgumentException">A setting is not usable; the message names it, its value and what would be right.</exception>
    public static ICallStore Open(StoreOptions options)
    {
        var path = options.Sqlite ?? "calls.db";
        if (string.IsNullOrWhiteSpace(path))
            throw new ArgumentException("EventCalls:Store:Sqlite is empty; give the path of a file, such as calls.db, or leave the key out.");
        return new SqliteCallStore(path, options.SqliteDurability);
    }
}
