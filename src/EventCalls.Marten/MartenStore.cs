using EventCalls.Marten.Connections;
using EventCalls.Store;
using Npgsql;

namespace EventCalls.Marten;

/// <summary>Opens the store in PostgreSQL.</summary>
public static class MartenStore
{
    private const int PreparedStatements = 50;

    // Some forty events at once; with the usual 8 KiB a replay waits for the socket once a call.
    private const int ReadBufferBytes = 64 * 1024;

    /// <summary>Makes the store; nothing is connected to before its first use.</summary>
    /// <exception cref="ArgumentException">The connection string is not usable; the message names the setting and what would be right.</exception>
    public static ICallStore Open(StoreOptions options) => new MartenCallStore(Settings(options.Postgres ?? ""), options.SchemaChanges, options.HeaderIndex);

    /// <summary>The connection string with the limits of our sessions.</summary>
    internal static NpgsqlConnectionStringBuilder Settings(string postgres)
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
        if (!settings.ShouldSerialize("Read Buffer Size"))
            settings.ReadBufferSize = ReadBufferBytes;
        SessionLimits.Limit(settings);
        return settings;
    }
}
