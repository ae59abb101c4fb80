using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Marten.Schema;
using JasperFx;
using Marten;
using Npgsql;
using Weasel.Core;

namespace EventCalls.Marten;

/// <summary>How Marten is set up for the events of calls.</summary>
internal static class MartenOptions
{
    /// <summary>The options of the one store over a data source.</summary>
    /// <param name="source">Gives the connections; the caller's to dispose of.</param>
    /// <param name="settings">The source's settings.</param>
    /// <param name="headerIndex">Whether there is an index of headers.</param>
    public static StoreOptions Of(NpgsqlDataSource source, NpgsqlConnectionStringBuilder settings, bool headerIndex = false)
    {
        var options = new StoreOptions();
        options.Connection(source);
        if (SchemaOf(settings) is { } schema)
            options.DatabaseSchemaName = schema;

        // Tables are made at the start, by whom the settings allow to, and never in the middle of an append.
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.DisableNpgsqlLogging = true;

        // Who appends or reads knows when to try again, and whether that is safe.
        options.ConfigurePolly(_ => { });
        options.ConfigureWritePolly(_ => { });
        AddEvents(options);
        options.Storage.Add(new CallTables(options.DatabaseSchemaName, options.Advanced.Migrator));
        if (headerIndex)
            options.Storage.Add(new HeaderIndexFeature(options.DatabaseSchemaName, options.Advanced.Migrator));
        return options;
    }

    /// <summary>The PostgreSQL schema that the connection string searches first; null when it names none.</summary>
    public static string? SchemaOf(NpgsqlConnectionStringBuilder settings) =>
        settings.SearchPath?.Split(',')[0].Trim(' ', '"') is { Length: > 0 } schema ? schema : null;

    /// <summary>The recorded events under their stored names, their JSON, and the columns of the event store: what all who open it have in common.</summary>
    public static void AddEvents(StoreOptions options)
    {
        options.UseSystemTextJsonForSerialization(
            EnumStorage.AsString, Casing.CamelCase, json => json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull);
        options.Events.EnableBigIntEvents = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        // Who does not ask for it leaves it to who does.
        options.Events.IgnoreIndex(HeaderIndex.Name);
        options.Events.AddEventTypes(CallEventNames.All.Select(e => e.Type));
        foreach (var (type, name) in CallEventNames.All)
            options.Events.MapEventType(type, name);
    }
}
