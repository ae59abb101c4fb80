using Npgsql;

namespace EventCalls.Store.Postgres;

/// <summary>Creates the tables where some are missing, and brings older ones up to date.</summary>
internal static class PostgresMigration
{
    private const string CountNames = "select count(to_regclass(name))::int from unnest($1) as name";

    private const string HasVersions = "select count(to_regclass('calls_schema'))::int";

    private const string WriteVersion = "insert into calls_schema (version) values ($1) on conflict do nothing";

    public static async Task<bool> RunAsync(NpgsqlDataSource source, string store, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await IsUpToDateAsync(connection, store, cancellationToken))
            return false;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var waiting = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection).With(PostgresSchema.MigrationLock))
            await waiting.ExecuteNonQueryAsync(cancellationToken);

        // Another process may have done it meanwhile. The first step heals: it creates only what is missing.
        int version = await VersionOfAsync(connection, cancellationToken);
        for (int step = 1; step <= PostgresSchema.Steps.Length; step++)
        {
            if (step > 1 && step <= version)
                continue;
            await using var change = new NpgsqlCommand(PostgresSchema.Steps[step - 1].Sql, connection);
            await change.ExecuteNonQueryAsync(cancellationToken);
        }
        await using (var write = new NpgsqlCommand(WriteVersion, connection).With(PostgresSchema.Steps.Length))
            await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Throws what is wrong when the tables are not those of this version.</summary>
    public static async Task<bool> CheckAsync(NpgsqlDataSource source, string store, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        int version = await VersionOfAsync(connection, cancellationToken);
        if (version is 0 || version == PostgresSchema.Steps.Length)
            return version > 0;
        throw version > PostgresSchema.Steps.Length ? MadeByNewer(store, version) : new StoreUnreachableException(
            store,
            $"its tables are those of an older version of EventCalls (schema {version}; this one needs {PostgresSchema.Steps.Length})",
            "The service brings them up to date when it starts ('eventcalls run').");
    }

    private static async Task<bool> IsUpToDateAsync(NpgsqlConnection connection, string store, CancellationToken cancellationToken)
    {
        int version = await VersionOfAsync(connection, cancellationToken);
        if (version > PostgresSchema.Steps.Length)
            throw MadeByNewer(store, version);
        await using var names = new NpgsqlCommand(CountNames, connection).With(PostgresSchema.Names);
        return version == PostgresSchema.Steps.Length && (int)(await names.ExecuteScalarAsync(cancellationToken))! == PostgresSchema.Names.Length;
    }

    private static async Task<int> VersionOfAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await NumberAsync(connection, HasVersions, cancellationToken) == 1
            && await NumberAsync(connection, PostgresSchema.ReadVersion, cancellationToken) is > 0 and var version)
        {
            return version;
        }
        int done = 0;
        while (done < PostgresSchema.Steps.Length && await NumberAsync(connection, PostgresSchema.Steps[done].IsDone, cancellationToken) > 0)
            done++;
        return done;
    }

    private static async Task<int> NumberAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static StoreUnreachableException MadeByNewer(string store, int version) => new(
        store,
        $"its tables are those of a newer version of EventCalls (schema {version}; this one knows {PostgresSchema.Steps.Length})",
        "Use that version, or name another database in EventCalls:Store:Postgres.");
}
