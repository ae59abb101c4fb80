using EventCalls.Store.Postgres;
using EventCalls.Store.Sqlite;
using Npgsql;

namespace EventCalls.Store;

/// <summary>Opens the store that is configured.</summary>
public static class CallStoreFactory
{
    private const int PreparedStatements = 50;

    /// <summary>Makes the store; nothing is connected to before its first use.</summary>
    /// <exception cref="ArgumentException">A setting is not usable; the message names it and what would be right.</exception>
    public static ICallStore Open(StoreOptions options)
    {
        if (options.Postgres is not null)
            return new PostgresCallStore(Settings(options.Postgres));
        var path = options.Sqlite ?? "calls.db";
        if (string.IsNullOrWhiteSpace(path))
            throw new ArgumentException("EventCalls:Store:Sqlite is empty; give the path of a file, such as calls.db, or leave the key out.");
        return new SqliteCallStore(path, options.SqliteDurability);
    }

    private static NpgsqlConnectionStringBuilder Settings(string postgres)
    {
        const string Right = "right would be such as Host=127.0.0.1;Port=5432;Username=eventcalls;Password=…;Database=eventcalls.";
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(postgres);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The value itself may hold a password: it is not repeated.
            throw new ArgumentException($"EventCalls:Store:Postgres is no connection string: {e.Message.TrimEnd('.')}; {Right}", e);
        }
        if (string.IsNullOrWhiteSpace(settings.Host))
            throw new ArgumentException($"EventCalls:Store:Postgres names no Host; {Right}");
        settings.ApplicationName ??= "EventCalls";
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = PreparedStatements;
        PostgresSession.Limit(settings);
        return settings;
    }
}
