using Npgsql;

namespace EventCalls.Store.Postgres;

/// <summary>Creates the tables where some are missing.</summary>
internal static class PostgresMigration
{
    private const string CountNames = "select count(to_regclass(name)) from unnest($1) as name";

    public static async Task<bool> RunAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await IsCompleteAsync(connection, cancellationToken))
            return false;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var waiting = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection).With(PostgresSchema.MigrationLock))
            await waiting.ExecuteNonQueryAsync(cancellationToken);
        await using (var create = new NpgsqlCommand(PostgresSchema.Create, connection))
            await create.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<bool> IsCompleteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CountNames, connection).With(PostgresSchema.Names);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! == PostgresSchema.Names.Length;
    }
}
