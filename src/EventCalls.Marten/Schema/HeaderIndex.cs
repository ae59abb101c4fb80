using System.Data.Common;
using EventCalls.Store;
using JasperFx.Events;
using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;

namespace EventCalls.Marten.Schema;

/// <summary>An index on the events of Marten's table that begin a call, by the hashes of their headers (<c>name: value</c>, the name in lower case), with the function that gives these.</summary>
/// <remarks>
/// Hashes, as a value may be longer than an index takes; who finds by them looks at the value itself too. What is masked or erased is so in the index by itself.
/// </remarks>
/// <param name="schema">The PostgreSQL schema that all tables are in.</param>
internal sealed class HeaderIndex(string schema) : ISchemaObject
{
    public const string Name = "mt_events_by_header";

    /// <summary>The query for the streams that the index has for any of the names in lower case ($1) with the value ($2), up to a number of them ($3); it may find more.</summary>
    public const string Streams = """
        select stream_id from mt_events
        where type = 'call_started' and calls_header_keys(data) && array(select hashtextextended(name || ': ' || $2, 0) from unnest($1) as name) limit $3
        """;

    public DbObjectName Identifier { get; } = new PostgresqlObjectName(schema, Name, SchemaUtils.IdentifierUsage.General);

    public void WriteCreateStatement(Migrator migrator, TextWriter writer) => writer.WriteLine($"""
        create or replace function {schema}.calls_header_keys(data jsonb) returns bigint[] language sql immutable parallel safe as $$
          select array_agg(hashtextextended(lower(header ->> 'name') || ': ' || (header ->> 'value'), 0))
          from jsonb_array_elements(case jsonb_typeof(data -> 'headers') when 'array' then data -> 'headers' else '[]' end) as header
          where lower(header ->> 'name') not in ({string.Join(", ", IndexedHeaders.LeftOut.Select(name => $"'{name}'"))})
        $$;
        drop index if exists {schema}.{Name};
        create index {Name} on {schema}.mt_events using gin ({schema}.calls_header_keys(data)) where type = 'call_started';
        """);

    public void WriteDropStatement(Migrator rules, TextWriter writer) => writer.WriteLine($"drop index if exists {schema}.{Name}; drop function if exists {schema}.calls_header_keys(jsonb);");

    // One that was being made when its maker died is not valid, and made anew.
    public void ConfigureQueryCommand(Weasel.Core.DbCommandBuilder builder) =>
        builder.Append($"select exists (select from pg_index where indexrelid = to_regclass('{schema}.{Name}') and indisvalid);");

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        bool isThere = await reader.ReadAsync(ct) && reader.GetBoolean(0);
        return new SchemaObjectDelta(this, isThere ? SchemaPatchDifference.None : SchemaPatchDifference.Create);
    }

    public IEnumerable<DbObjectName> AllNames() => [Identifier];
}

/// <summary>It comes after the tables of the events.</summary>
internal sealed class HeaderIndexFeature(string schema, Migrator migrator) : FeatureSchemaBase("calls_headers", migrator)
{
    public override IEnumerable<Type> DependentTypes() => [typeof(IEvent)];

    protected override IEnumerable<ISchemaObject> schemaObjects() => [new HeaderIndex(schema)];
}
