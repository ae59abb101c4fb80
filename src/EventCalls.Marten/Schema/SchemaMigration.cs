using EventCalls.Marten.Connections;
using EventCalls.Store;
using JasperFx;
using Marten;
using Npgsql;
using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;

namespace EventCalls.Marten.Schema;

/// <summary>Has Marten create the tables where some are missing, bring older ones up to date, compare them, and write out what it would do.</summary>
internal sealed class SchemaMigration(DocumentStore marten, NpgsqlDataSource source, string store)
{
    // To who may do no more than read, the server shows neither keys nor sequences: they would seem to be missing, and the SQL would make the keys of large tables anew.
    private const string Unseen = """
        select relname::text from pg_class where relnamespace = to_regnamespace($1) and relname = any($2) and case relkind
          when 'r' then not has_table_privilege(oid, 'insert, update, delete, truncate, references, trigger')
          when 'S' then not has_sequence_privilege(oid, 'usage, select, update')
          else false end
        order by 1 limit 1
        """;

    private static readonly TimeSpan s_longestLock = TimeSpan.FromSeconds(60);

    private string Version => SchemaVersion.Write(marten.Options.DatabaseSchemaName);

    private PostgresqlDatabase Database => (PostgresqlDatabase)marten.Storage.Database;

    public async Task RunAsync(SchemaChanges allowed, CancellationToken cancellationToken)
    {
        int version = await SchemaVersion.OfAsync(source, cancellationToken);
        SchemaVersion.MustBeKnown(store, version);
        if (allowed == SchemaChanges.None)
        {
            if (await CheckAsync(cancellationToken) is { Count: > 0 } differences)
                throw SchemaRefusal.Of(store, differences);
            return;
        }
        var migrationLock = new MigrationLock(marten.Options.ApplyChangesLockId, s_longestLock);
        await Database.ApplyAllConfiguredChangesToDatabaseAsync(migrationLock, AutoCreate.CreateOrUpdate, ct: cancellationToken);
        await using var write = source.CreateCommand(After(version));
        write.CommandTimeout = 0;
        await write.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What is not as this version needs it, a sentence each.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        int version = await SchemaVersion.OfAsync(source, cancellationToken);
        SchemaVersion.MustBeKnown(store, version);
        List<string> differences = [];
        if (version < SchemaVersion.Newest)
            differences.Add(version == 0 ? "There are no tables of EventCalls." : $"The tables are those of an older version of EventCalls (schema {version}; this one needs {SchemaVersion.Newest}).");
        try
        {
            await Database.AssertDatabaseMatchesConfigurationAsync(cancellationToken);
        }
        catch (DatabaseValidationException)
        {
            var migration = await Database.CreateMigrationAsync(cancellationToken);
            await MustBeSeenAsync(migration.Deltas, cancellationToken);
            differences.AddRange(migration.Deltas.Where(delta => delta.Difference != SchemaPatchDifference.None).Select(Sentence));
        }
        return differences;
    }

    public string CreationScript() => $"{Database.ToDatabaseScript().TrimEnd()}\n\n{Version}\n";

    /// <summary>What <see cref="RunAsync"/> would do, as SQL; null when that is nothing.</summary>
    public async Task<string?> UpdateScriptAsync(CancellationToken cancellationToken)
    {
        int version = await SchemaVersion.OfAsync(source, cancellationToken);
        SchemaVersion.MustBeKnown(store, version);
        var migration = await Database.CreateMigrationAsync(cancellationToken);
        if (migration.Difference == SchemaPatchDifference.None && version == SchemaVersion.Newest)
            return null;
        await MustBeSeenAsync(migration.Deltas, cancellationToken);
        using var sql = new StringWriter { NewLine = "\n" };
        migration.WriteAllUpdates(sql, Database.Migrator, AutoCreate.CreateOrUpdate);
        return $"begin;\n\n{sql.ToString().Trim()}\n\n{After(version)}\n\ncommit;\n";
    }

    /// <summary>What is done when the tables are those of this version: of older rows what is new is filled in, and the version is noted.</summary>
    private string After(int before) => before is > 0 and < SchemaVersion.FirstWithFilledRows ? $"{SchemaVersion.Fill(marten.Options.DatabaseSchemaName)}\n\n{Version}" : Version;

    private async Task MustBeSeenAsync(IEnumerable<ISchemaObjectDelta> deltas, CancellationToken cancellationToken)
    {
        string[] differing = [.. deltas.Where(delta => delta.Difference != SchemaPatchDifference.None).Select(delta => delta.SchemaObject.Identifier.Name)];
        await using var command = source.CreateCommand(Unseen).With(marten.Options.DatabaseSchemaName).With(differing);
        if (await command.ExecuteScalarAsync(cancellationToken) is string unseen)
        {
            throw new StoreUnreachableException(
                store,
                $"its tables cannot be compared by one who may only read {unseen}: PostgreSQL does not show its keys",
                "Ask as the user of the service, or grant this one references on all tables and select on all sequences.");
        }
    }

    private static string Sentence(ISchemaObjectDelta delta) =>
        delta.Difference == SchemaPatchDifference.Create ? $"{delta.SchemaObject.Identifier} is missing." : $"{delta.SchemaObject.Identifier} is not as it should be.";
}
