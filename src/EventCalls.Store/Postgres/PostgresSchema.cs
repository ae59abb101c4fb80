namespace EventCalls.Store.Postgres;

/// <summary>The tables in PostgreSQL.</summary>
/// <remarks>
/// The tables named <c>mt_…</c> are the event store of Marten 9 with its defaults and guid streams, to the letter, so that Marten opens the
/// same database (docs/adr). What is ours is named <c>calls…</c>, and nothing of ours is put on its tables.
/// </remarks>
internal static class PostgresSchema
{
    /// <summary>Taken while the tables are made, so that processes that start together do it one after the other. The value means nothing.</summary>
    public const long MigrationLock = 0x45_56_43_4C_4C_53;

    public const string RowColumns =
        "call_id, sip_call_id, node, trunk, caller, callee, started_at, answered_at, ended_at, flow, logic_version, "
        + "handoff, target, outcome, attempts, ended_by, end_cause, last_event_id, version";

    public const string EventColumns = "seq_id, stream_id, version, id, type, data";

    /// <summary>The events of the streams given, each stream's in order. Stream by stream: before the tables were ever analysed the planner would scan them whole instead.</summary>
    public const string ReadStreams = $"""
        select events.* from unnest($1) as stream (id)
        cross join lateral (select {EventColumns} from mt_events where stream_id = stream.id order by version) as events
        """;

    /// <summary>As <see cref="ReadStreams"/>, the events of some types only.</summary>
    public const string ReadStreamsOfTypes = $"""
        select events.* from unnest($1) as stream (id)
        cross join lateral (select {EventColumns} from mt_events where stream_id = stream.id and type = any($2) order by version) as events
        """;

    /// <summary>The steps from an empty database to the present tables; how many a database has behind it is kept in <c>calls_schema</c>, from the second on.</summary>
    public static readonly SchemaStep[] Steps =
    [
        new(Marten + Ours, "select count(to_regclass('calls_nodes'))::int"),
        new(NodeIntervals, "select count(*)::int from pg_attribute where attrelid = to_regclass('calls_nodes') and attname = 'interval_seconds' and not attisdropped"),
    ];

    /// <summary>The highest version that was reached, of databases that say so.</summary>
    public const string ReadVersion = "select coalesce(max(version), 0) from calls_schema";

    /// <summary>Everything that the first step creates. Where all of it is there nothing needs to be done: creating would lock tables that are in use.</summary>
    public static readonly string[] Names =
    [
        "mt_events_sequence", "mt_streams", "mt_events", "pk_mt_events_stream_and_version", "mt_event_progression", "mt_high_water_skips",
        "calls", "calls_by_start", "calls_by_sip_call_id", "calls_by_caller", "calls_by_callee", "calls_by_flow", "calls_by_outcome", "calls_open",
        "calls_late_events", "calls_late_events_by_call", "calls_logic_versions", "calls_nodes",
    ];

    private const string NodeIntervals = """
        create table if not exists calls_schema (
          version     integer     not null,
          upgraded_at timestamptz not null default (now()),
          constraint calls_schema_pkey primary key (version));
        alter table calls_nodes add column if not exists interval_seconds integer not null default 0;
        """;

    private const string Marten = """
        create sequence if not exists mt_events_sequence;

        create table if not exists mt_streams (
          id          uuid        not null,
          type        varchar     null,
          version     bigint      null,
          timestamp   timestamptz not null default (now()),
          created     timestamptz not null default (now()),
          tenant_id   varchar     null default '*DEFAULT*',
          is_archived bool        null default false,
          constraint pkey_mt_streams_id primary key (id));

        create table if not exists mt_events (
          seq_id         bigint       not null,
          id             uuid         not null,
          stream_id      uuid         null,
          version        bigint       not null,
          data           jsonb        not null,
          bdata          bytea        null,
          type           varchar(500) not null,
          timestamp      timestamptz  not null,
          tenant_id      varchar      null default '*DEFAULT*',
          mt_dotnet_type varchar      null,
          is_archived    bool         null default false,
          constraint pkey_mt_events_seq_id primary key (seq_id),
          constraint fkey_mt_events_stream_id foreign key (stream_id) references mt_streams (id) on delete cascade);
        create unique index if not exists pk_mt_events_stream_and_version on mt_events (stream_id, version);
        alter sequence mt_events_sequence owned by mt_events.seq_id;

        create table if not exists mt_event_progression (
          name         varchar     not null,
          last_seq_id  bigint      null,
          last_updated timestamptz null default (transaction_timestamp()),
          constraint pk_mt_event_progression primary key (name));

        create table if not exists mt_high_water_skips (
          ending_sequence   bigint      not null,
          starting_sequence bigint      not null,
          timestamp         timestamptz null default (transaction_timestamp()),
          constraint pkey_mt_high_water_skips_ending_sequence primary key (ending_sequence));

        """;

    // Room is left in the pages of calls: a row changes several times while its call lasts, and stays in its page.
    private const string Ours = """
        create table if not exists calls (
          call_id       uuid        not null,
          sip_call_id   text        not null,
          node          text        not null,
          trunk         text        not null,
          caller        text        not null,
          callee        text        not null,
          started_at    timestamptz not null,
          answered_at   timestamptz null,
          ended_at      timestamptz null,
          flow          text        null,
          logic_version text        null,
          handoff       text        null,
          target        text        null,
          outcome       text        null,
          attempts      integer     not null,
          ended_by      text        null,
          end_cause     text        null,
          last_event_id uuid        not null,
          version       bigint      not null,
          constraint calls_pkey primary key (call_id)) with (fillfactor = 80);
        create index if not exists calls_by_start on calls (started_at, call_id);
        create index if not exists calls_by_sip_call_id on calls (sip_call_id);
        create index if not exists calls_by_caller on calls (caller, started_at);
        create index if not exists calls_by_callee on calls (callee, started_at);
        create index if not exists calls_by_flow on calls (flow, started_at);
        create index if not exists calls_by_outcome on calls (outcome, started_at);
        create index if not exists calls_open on calls (node, started_at) where ended_at is null;

        create table if not exists calls_late_events (
          arrival  bigint generated always as identity,
          event_id uuid   not null,
          call_id  uuid   not null,
          type     text   not null,
          data     jsonb  not null,
          constraint calls_late_events_pkey primary key (event_id));
        create index if not exists calls_late_events_by_call on calls_late_events (call_id);

        create table if not exists calls_logic_versions (
          version   text        not null,
          loaded_at timestamptz not null,
          sources   text        not null,
          constraint calls_logic_versions_pkey primary key (version));

        create table if not exists calls_nodes (
          node          text        not null,
          running_since timestamptz not null,
          at            timestamptz not null,
          stopping      boolean     not null,
          received_at   timestamptz not null,
          constraint calls_nodes_pkey primary key (node));
        """;
}
