using EventCalls.Marten.Connections;
using EventCalls.Store;
using Npgsql;

namespace EventCalls.Marten.Schema;

/// <summary>Which version of EventCalls made or changed the tables last, as kept in <c>calls_schema</c>: so that an older one leaves those of a newer one alone.</summary>
internal static class SchemaVersion
{
    /// <summary>The version of this program. Versions 1 and 2 made the tables without Marten, as its version 9.29 had them.</summary>
    public const int Newest = 7;

    /// <summary>The first version whose rows of <c>calls</c> have all that the present ones have.</summary>
    public const int FirstWithFilledRows = 3;

    /// <summary>The statement that notes that the tables of a schema are of this version.</summary>
    public static string Write(string schema) => $"insert into {schema}.calls_schema (version) values ({Newest}) on conflict do nothing;";

    /// <summary>Fills what older versions did not keep in the rows of <c>calls</c>, as <see cref="CallProjection"/> makes it of the streams; their events gave no reason.</summary>
    public static string Fill(string schema) => $"""
        update {schema}.calls set
          decision_us = (
            select (data ->> 'decisionMicroseconds')::bigint from {schema}.mt_events
            where stream_id = calls.call_id and type = 'flow_selected' order by mt_events.version desc limit 1),
          post_dial_ms = (
            select (data ->> 'postDialDelayMs')::bigint from {schema}.mt_events
            where stream_id = calls.call_id and type in ('transfer_started', 'transfer_completed', 'transfer_failed')
              and (calls.handoff in ('bye', 'reject') or data ->> 'method' not in ('bye', 'reject'))
              and not (type = 'transfer_failed' and data -> 'evidence' ->> 'source' = 'local'
                and data -> 'evidence' ->> 'reasonPhrase' ~ '^(another handoff is in progress|too many handoffs|decided after the deadline)')
            order by mt_events.version desc limit 1);
        """;

    private const string HasTables = "select to_regclass('calls_schema') is not null, to_regclass('calls_nodes') is not null";

    private const string Read = "select coalesce(max(version), 1) from calls_schema";

    /// <summary>The version the tables are of; 0 when there are none.</summary>
    public static async Task<int> OfAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using (var asking = new NpgsqlCommand(HasTables, connection))
        {
            await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            if (!reader.GetBoolean(0))
                return reader.GetBoolean(1) ? 1 : 0;
        }
        await using var reading = new NpgsqlCommand(Read, connection);
        return (int)(await reading.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Throws when a newer version made the tables.</summary>
    public static void MustBeKnown(string store, int version)
    {
        if (version > Newest)
        {
            throw new StoreUnreachableException(
                store,
                $"its tables are those of a newer version of EventCalls (schema {version}; this one knows {Newest})",
                $"Use that version, or name another database in {PostgresErrors.Setting}.");
        }
    }

    /// <summary>Throws what is wrong when the tables are there and not those of this version.</summary>
    /// <returns>Whether they are there.</returns>
    public static async Task<bool> CheckAsync(NpgsqlDataSource source, string store, CancellationToken cancellationToken)
    {
        int version = await OfAsync(source, cancellationToken);
        MustBeKnown(store, version);
        if (version is > 0 and < Newest)
        {
            throw new StoreUnreachableException(
                store,
                $"its tables are those of an older version of EventCalls (schema {version}; this one needs {Newest})",
                "The service brings them up to date when it starts ('eventcalls run').");
        }
        return version > 0;
    }
}
