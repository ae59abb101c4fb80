namespace EventCalls.Store;

/// <summary>Which event store to use: section <c>EventCalls:Store</c>.</summary>
public sealed record StoreOptions
{
    /// <summary>An Npgsql connection string; null for SQLite.</summary>
    public string? Postgres { get; init; }

    /// <summary>The path of the SQLite file; null for <c>calls.db</c> in the working directory. Not used with <see cref="Postgres"/>.</summary>
    public string? Sqlite { get; init; }

    /// <summary>What a SQLite append survives.</summary>
    public SqliteDurability SqliteDurability { get; init; } = SqliteDurability.Normal;

    /// <summary>Whether PostgreSQL keeps an index of the headers of each call's INVITE, but for those that only carry the message: calls are found by them at once, over any time, and each call costs a little more to store. SQLite has none.</summary>
    public bool HeaderIndex { get; init; }

    /// <summary>What becomes of calls by their age. The recorder does it every hour, to calls that have ended; each rule is for itself.</summary>
    public IReadOnlyList<Keeping.RetentionRule> Retention { get; init; } = [];

    /// <summary>What a service may do to the tables when it starts.</summary>
    public SchemaChanges SchemaChanges { get; init; } = SchemaChanges.Create;
}
