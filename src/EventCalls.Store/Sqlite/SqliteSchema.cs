namespace EventCalls.Store.Sqlite;

/// <summary>The tables of the SQLite file.</summary>
internal static class SqliteSchema
{
    public const string RowColumns =
        "call_id, sip_call_id, node, trunk, caller, callee, started_at, answered_at, ended_at, flow, logic_version, "
        + "handoff, target, outcome, attempts, ended_by, end_cause, last_event_id, version, reason, decision_us, post_dial_ms, masked_at";

    public const string EventColumns = "position, call_id, version, event_id, type, data";

    /// <summary>The steps from an empty file to the present tables; how many a file has behind it is kept in it as <c>user_version</c>.</summary>
    public static readonly SchemaStep[] Steps =
    [
        new(First, "select count(*) = 5 from sqlite_master where type = 'table' and name in ('events', 'calls', 'calls_late_events', 'calls_logic_versions', 'calls_nodes')"),
        new(NodeIntervals, "select count(*) from pragma_table_info('calls_nodes') where name = 'interval_seconds'"),
        new(Figures, "select count(*) = 5 from pragma_table_info('calls') where name in ('reason', 'decision_us', 'post_dial_ms', 'masked_at', 'archived_at')"),
        new(Webhooks, "select count(*) = 2 from sqlite_master where type = 'table' and name in ('calls_webhooks', 'calls_webhook_deliveries')"),
        new(Steering, """
            select (select count(*) from sqlite_master where type = 'table' and name in ('calls_logic_activations', 'calls_logic_arrivals')) = 2
               and (select count(*) from pragma_table_info('calls_nodes') where name = 'report') = 1
            """),
        new(Operating, """
            select (select count(*) from sqlite_master where type = 'table' and name = 'calls_dead_letter_acts') = 1
               and (select count(*) from pragma_table_info('calls_nodes') where name in ('lost_since', 'lost_heard_at')) = 2
            """),
        new(Proofs, "select count(*) = 2 from sqlite_master where type = 'table' and name in ('calls_logic_proofs', 'calls_value_changes')"),
    ];

    // How versions of the logic prove themselves in live traffic, and what operators set for it.
    private const string Proofs = """
        create table if not exists calls_logic_proofs (
          kind   text    not null,
          number integer not null,
          at     text    not null,
          record text    not null,
          primary key (kind, number)) without rowid;
        create table if not exists calls_value_changes (
          number integer primary key,
          name   text not null,
          value  text,
          by     text not null,
          at     text not null,
          note   text);
        create index if not exists calls_value_changes_by_name on calls_value_changes (name, number);
        """;

    // Who did what with dead letters, calls by the way of their handoff, and which run of a node was lost last.
    private const string Operating = """
        create table if not exists calls_dead_letter_acts (
          id      text primary key,
          at      text not null,
          by      text not null,
          act     text not null,
          name    text not null,
          letter  text,
          letters integer) without rowid;
        create index if not exists calls_ended_by_handoff on calls (handoff, started_at) where ended_at is not null;
        alter table calls_nodes add column lost_since text;
        alter table calls_nodes add column lost_heard_at text;
        """;

    // Which logic decides for all, indexes that are written once a call, and what nodes report.
    private const string Steering = """
        create table if not exists calls_logic_activations (
          number      integer primary key,
          version     text,
          by          text    not null,
          at          text    not null,
          before      integer,
          rolled_back integer not null,
          note        text);
        create table if not exists calls_logic_arrivals (
          version  text    not null,
          uploaded integer not null,
          who      text    not null,
          first_at text    not null,
          last_at  text    not null,
          primary key (version, uploaded, who)) without rowid;
        drop index if exists calls_by_flow;
        drop index if exists calls_by_outcome;
        create index if not exists calls_ended_by_trunk on calls (trunk, started_at) where ended_at is not null;
        create index if not exists calls_ended_by_flow on calls (flow, started_at) where ended_at is not null;
        create index if not exists calls_ended_by_target on calls (target, started_at) where ended_at is not null;
        create index if not exists calls_ended_by_outcome on calls (outcome, started_at) where ended_at is not null;
        create index if not exists calls_ended_by_logic_version on calls (logic_version, started_at) where ended_at is not null;
        create index if not exists calls_archived on calls (started_at, call_id) where archived_at is not null;
        alter table calls_nodes add column report text;
        """;

    private const string Webhooks = """
        create table if not exists calls_webhooks (
          name            text primary key,
          position        integer not null,
          lost_nodes      text not null,
          stopped_at      text,
          stopped_because text,
          stopped_address text) without rowid;
        create table if not exists calls_webhook_deliveries (
          webhook    text    not null,
          id         text    not null,
          type       text    not null,
          call_id    text,
          version    integer not null,
          data       text,
          owed_since text    not null,
          next_at    text    not null,
          attempts   integer not null,
          problem    text,
          dead_at    text,
          primary key (webhook, id)) without rowid;
        create index if not exists calls_webhooks_due on calls_webhook_deliveries (webhook, next_at) where dead_at is null;
        """;

    // Events of that time give no reason. The rest is what CallProjection makes of the streams: SqliteVersionTests compares the two.
    private const string Figures = """
        alter table calls add column reason text;
        alter table calls add column decision_us integer;
        alter table calls add column post_dial_ms integer;
        alter table calls add column masked_at text;
        alter table calls add column archived_at text;
        create table if not exists calls_counted (
          id   text primary key,
          cell text not null) without rowid;
        create index if not exists calls_by_reason on calls (reason, started_at) where reason is not null;
        update calls set
          decision_us = (
            select json_extract(data, '$.decisionMicroseconds') from events
            where events.call_id = calls.call_id and type = 'flow_selected' order by events.version desc limit 1),
          post_dial_ms = (
            select json_extract(data, '$.postDialDelayMs') from events
            where events.call_id = calls.call_id and type in ('transfer_started', 'transfer_completed', 'transfer_failed')
              and (calls.handoff in ('bye', 'reject') or json_extract(data, '$.method') not in ('bye', 'reject'))
              and not (type = 'transfer_failed' and json_extract(data, '$.evidence.source') = 'local'
                and (json_extract(data, '$.evidence.reasonPhrase') like 'another handoff is in progress%'
                  or json_extract(data, '$.evidence.reasonPhrase') like 'too many handoffs%'
                  or json_extract(data, '$.evidence.reasonPhrase') like 'decided after the deadline%'))
            order by events.version desc limit 1);
        """;

    private const string NodeIntervals = "alter table calls_nodes add column interval_seconds integer not null default 0;";

    // Positions are never given twice, not even when the newest call was erased: hence autoincrement.
    private const string First = """
        create table if not exists events (
          position    integer primary key autoincrement,
          call_id     text    not null,
          version     integer not null,
          event_id    text    not null,
          type        text    not null,
          occurred_at text    not null,
          data        text    not null);
        create unique index if not exists events_by_call on events (call_id, version);

        create table if not exists calls (
          call_id       text primary key,
          sip_call_id   text not null,
          node          text not null,
          trunk         text not null,
          caller        text not null,
          callee        text not null,
          started_at    text not null,
          answered_at   text,
          ended_at      text,
          flow          text,
          logic_version text,
          handoff       text,
          target        text,
          outcome       text,
          attempts      integer not null,
          ended_by      text,
          end_cause     text,
          last_event_id text not null,
          version       integer not null) without rowid;
        create index if not exists calls_by_start on calls (started_at, call_id);
        create index if not exists calls_by_sip_call_id on calls (sip_call_id);
        create index if not exists calls_by_caller on calls (caller, started_at);
        create index if not exists calls_by_callee on calls (callee, started_at);
        create index if not exists calls_by_flow on calls (flow, started_at);
        create index if not exists calls_by_outcome on calls (outcome, started_at);
        create index if not exists calls_open on calls (node, started_at) where ended_at is null;

        create table if not exists calls_late_events (
          arrival  integer primary key,
          event_id text not null unique,
          call_id  text not null,
          type     text not null,
          data     text not null);
        create index if not exists calls_late_events_by_call on calls_late_events (call_id);

        create table if not exists calls_logic_versions (
          version   text primary key,
          loaded_at text not null,
          sources   text not null) without rowid;

        create table if not exists calls_nodes (
          node          text primary key,
          running_since text not null,
          at            text not null,
          stopping      integer not null,
          received_at   text not null) without rowid;
        """;
}
