using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace EventCalls.Marten.Schema;

/// <summary>The tables of our own, as a part of Marten's schema: it makes them, brings them up to date, compares and writes them out with its own.</summary>
/// <param name="schema">The PostgreSQL schema that all tables are in.</param>
/// <param name="migrator">Marten's rules of writing.</param>
internal sealed class CallTables(string schema, Migrator migrator) : FeatureSchemaBase("calls", migrator)
{
    protected override IEnumerable<ISchemaObject> schemaObjects() => [Calls(), LateEvents(), LogicVersions(), Nodes(), Counted(), Versions(), Webhooks(), Deliveries(), Activations(), Arrivals(), DeadLetterActs(), Proofs(), ValueChanges()];

    private Table Calls()
    {
        var table = Named("calls");
        Column(table, "call_id", "uuid", isKey: true);
        foreach (string text in (string[])["sip_call_id", "node", "trunk", "caller", "callee"])
            Column(table, text, "text");
        Column(table, "started_at", "timestamptz");
        foreach (string time in (string[])["answered_at", "ended_at"])
            table.AddColumn(time, "timestamptz").AllowNulls();
        foreach (string text in (string[])["flow", "logic_version", "handoff", "target", "outcome"])
            table.AddColumn(text, "text").AllowNulls();
        Column(table, "attempts", "integer");
        foreach (string text in (string[])["ended_by", "end_cause"])
            table.AddColumn(text, "text").AllowNulls();
        Column(table, "last_event_id", "uuid");
        Column(table, "version", "bigint");
        table.AddColumn("reason", "text").AllowNulls();
        foreach (string number in (string[])["decision_us", "post_dial_ms"])
            table.AddColumn(number, "bigint").AllowNulls();
        foreach (string time in (string[])["masked_at", "archived_at"])
            table.AddColumn(time, "timestamptz").AllowNulls();

        // Room is left in the pages: a row changes several times while its call lasts, and stays in its page.
        table.WithFillFactor(80);
        Index(table, "calls_by_start", "started_at", "call_id");
        Index(table, "calls_by_sip_call_id", "sip_call_id");
        Index(table, "calls_by_caller", "caller", "started_at");
        Index(table, "calls_by_callee", "callee", "started_at");
        foreach (string column in (string[])["trunk", "flow", "handoff", "target", "outcome", "logic_version"])
            Index(table, $"calls_ended_by_{column}", column, "started_at").Predicate = "ended_at is not null";
        Index(table, "calls_by_reason", "reason", "started_at").Predicate = "reason is not null";
        Index(table, "calls_archived", "started_at", "call_id").Predicate = "archived_at is not null";
        Index(table, "calls_open", "node", "started_at").Predicate = "ended_at is null";
        return table;
    }

    private Table LateEvents()
    {
        var table = Named("calls_late_events");
        table.AddColumn(new TableColumn("arrival", "bigint") { AllowNulls = false, IsAutoNumber = true });
        Column(table, "event_id", "uuid", isKey: true);
        Column(table, "call_id", "uuid");
        Column(table, "type", "text");
        Column(table, "data", "jsonb");
        Index(table, "calls_late_events_by_call", "call_id");
        return table;
    }

    private Table LogicVersions()
    {
        var table = Named("calls_logic_versions");
        Column(table, "version", "text", isKey: true);
        Column(table, "loaded_at", "timestamptz");
        Column(table, "sources", "text");
        return table;
    }

    private Table Nodes()
    {
        var table = Named("calls_nodes");
        Column(table, "node", "text", isKey: true);
        Column(table, "running_since", "timestamptz");
        Column(table, "at", "timestamptz");
        Column(table, "stopping", "boolean");
        Column(table, "received_at", "timestamptz");
        Column(table, "interval_seconds", "integer").DefaultValue(0);
        table.AddColumn("report", "text").AllowNulls();
        foreach (string time in (string[])["lost_since", "lost_heard_at"])
            table.AddColumn(time, "timestamptz").AllowNulls();
        return table;
    }

    private Table Counted()
    {
        var table = Named("calls_counted");
        Column(table, "id", "uuid", isKey: true);
        Column(table, "cell", "jsonb");
        return table;
    }

    private Table Versions()
    {
        var table = Named("calls_schema");
        Column(table, "version", "integer", isKey: true);
        Column(table, "upgraded_at", "timestamptz").DefaultValueByExpression("now()");
        return table;
    }

    private Table Webhooks()
    {
        var table = Named("calls_webhooks");
        Column(table, "name", "text", isKey: true);
        Column(table, "position", "bigint");
        Column(table, "lost_nodes", "text");
        table.AddColumn("stopped_at", "timestamptz").AllowNulls();
        foreach (string text in (string[])["stopped_because", "stopped_address"])
            table.AddColumn(text, "text").AllowNulls();
        return table;
    }

    private Table Deliveries()
    {
        var table = Named("calls_webhook_deliveries");
        Column(table, "webhook", "text", isKey: true);
        Column(table, "id", "uuid", isKey: true);
        Column(table, "type", "text");
        table.AddColumn("call_id", "uuid").AllowNulls();
        Column(table, "version", "bigint");
        table.AddColumn("data", "text").AllowNulls();
        foreach (string time in (string[])["owed_since", "next_at"])
            Column(table, time, "timestamptz");
        Column(table, "attempts", "integer");
        table.AddColumn("problem", "text").AllowNulls();
        table.AddColumn("dead_at", "timestamptz").AllowNulls();
        Index(table, "calls_webhooks_due", "webhook", "next_at").Predicate = "dead_at is null";
        return table;
    }

    private Table Activations()
    {
        var table = Named("calls_logic_activations");
        Column(table, "number", "bigint", isKey: true);
        table.AddColumn("version", "text").AllowNulls();
        Column(table, "by", "text");
        Column(table, "at", "timestamptz");
        table.AddColumn("before", "bigint").AllowNulls();
        Column(table, "rolled_back", "boolean");
        table.AddColumn("note", "text").AllowNulls();
        return table;
    }

    private Table Arrivals()
    {
        var table = Named("calls_logic_arrivals");
        Column(table, "version", "text", isKey: true);
        Column(table, "uploaded", "boolean", isKey: true);
        Column(table, "who", "text", isKey: true);
        foreach (string time in (string[])["first_at", "last_at"])
            Column(table, time, "timestamptz");
        return table;
    }

    private Table Proofs()
    {
        var table = Named("calls_logic_proofs");
        Column(table, "kind", "text", isKey: true);
        Column(table, "number", "bigint", isKey: true);
        Column(table, "at", "timestamptz");
        Column(table, "record", "text");
        return table;
    }

    private Table DeadLetterActs()
    {
        var table = Named("calls_dead_letter_acts");
        Column(table, "id", "uuid", isKey: true);
        Column(table, "at", "timestamptz");
        foreach (string text in (string[])["by", "act", "name"])
            Column(table, text, "text");
        table.AddColumn("letter", "text").AllowNulls();
        table.AddColumn("letters", "integer").AllowNulls();
        return table;
    }

    private Table ValueChanges()
    {
        var table = Named("calls_value_changes");
        Column(table, "number", "bigint", isKey: true);
        Column(table, "name", "text");
        table.AddColumn("value", "text").AllowNulls();
        Column(table, "by", "text");
        Column(table, "at", "timestamptz");
        table.AddColumn("note", "text").AllowNulls();
        Index(table, "calls_value_changes_by_name", "name", "number");
        return table;
    }

    private Table Named(string name) =>
        new(new PostgresqlObjectName(schema, name, SchemaUtils.IdentifierUsage.General)) { PrimaryKeyName = $"{name}_pkey" };

    private static Table.ColumnExpression Column(Table table, string name, string type, bool isKey = false)
    {
        var column = table.AddColumn(name, type).NotNull();
        return isKey ? column.AsPrimaryKey() : column;
    }

    private static IndexDefinition Index(Table table, string name, params string[] columns)
    {
        var index = new IndexDefinition(name) { Columns = columns };
        table.Indexes.Add(index);
        return index;
    }
}
