using Npgsql;

namespace EventCalls.Store.Tests.Postgres;

/// <summary>The tables are Marten 9's to the letter: pinned against what PostgreSQL itself says of them.</summary>
public sealed class MartenLayoutTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        var database = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(database);
        await store.MigrateAsync(CancellationToken.None);
        await store.AppendAsync([EventToAppend.Of(new SampleCalls(1).Start())], CancellationToken.None);
        _source = NpgsqlDataSource.Create(database);
    }

    public async Task DisposeAsync() => await _source.DisposeAsync();

    [Theory]
    [InlineData("mt_streams", """
        id uuid NO -
        type character varying YES -
        version bigint YES -
        timestamp timestamp with time zone NO now()
        created timestamp with time zone NO now()
        tenant_id character varying YES '*DEFAULT*'::character varying
        is_archived boolean YES false
        """)]
    [InlineData("mt_events", """
        seq_id bigint NO -
        id uuid NO -
        stream_id uuid YES -
        version bigint NO -
        data jsonb NO -
        bdata bytea YES -
        type character varying(500) NO -
        timestamp timestamp with time zone NO -
        tenant_id character varying YES '*DEFAULT*'::character varying
        mt_dotnet_type character varying YES -
        is_archived boolean YES false
        """)]
    [InlineData("mt_event_progression", """
        name character varying NO -
        last_seq_id bigint YES -
        last_updated timestamp with time zone YES transaction_timestamp()
        """)]
    [InlineData("mt_high_water_skips", """
        ending_sequence bigint NO -
        starting_sequence bigint NO -
        timestamp timestamp with time zone YES transaction_timestamp()
        """)]
    public async Task A_table_has_Martens_columns(string table, string columns)
    {
        var found = await LinesAsync($"""
            select column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '') || ' ' || is_nullable || ' ' || coalesce(column_default, '-')
            from information_schema.columns where table_name = '{table}' order by ordinal_position
            """);
        Assert.Equal(columns.Split('\n'), found);
    }

    [Fact]
    public async Task The_constraints_have_Martens_names_and_meanings()
    {
        var found = await LinesAsync("""
            select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
            where conrelid::regclass::text like 'mt\_%' order by conname
            """);
        Assert.Equal(
            [
                "fkey_mt_events_stream_id FOREIGN KEY (stream_id) REFERENCES mt_streams(id) ON DELETE CASCADE",
                "pk_mt_event_progression PRIMARY KEY (name)",
                "pkey_mt_events_seq_id PRIMARY KEY (seq_id)",
                "pkey_mt_high_water_skips_ending_sequence PRIMARY KEY (ending_sequence)",
                "pkey_mt_streams_id PRIMARY KEY (id)",
            ],
            found);
    }

    [Fact]
    public async Task Martens_tables_have_Martens_indexes_and_none_of_ours()
    {
        var found = await LinesAsync(@"select indexdef from pg_indexes where tablename like 'mt\_%' order by indexname");
        Assert.Equal(
            [
                "CREATE UNIQUE INDEX pk_mt_event_progression ON public.mt_event_progression USING btree (name)",
                "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (stream_id, version)",
                "CREATE UNIQUE INDEX pkey_mt_events_seq_id ON public.mt_events USING btree (seq_id)",
                "CREATE UNIQUE INDEX pkey_mt_high_water_skips_ending_sequence ON public.mt_high_water_skips USING btree (ending_sequence)",
                "CREATE UNIQUE INDEX pkey_mt_streams_id ON public.mt_streams USING btree (id)",
            ],
            found);
    }

    [Fact]
    public async Task The_sequence_is_Martens()
    {
        Assert.Equal(
            ["bigint 1 1 1"],
            await LinesAsync("select data_type || ' ' || start_value || ' ' || increment_by || ' ' || cache_size from pg_sequences where sequencename = 'mt_events_sequence'"));
        Assert.Equal(["public.mt_events_sequence"], await LinesAsync("select pg_get_serial_sequence('mt_events', 'seq_id')"));
    }

    [Fact]
    public async Task All_other_tables_are_named_as_ours() =>
        Assert.Equal(
            ["calls", "calls_late_events", "calls_logic_versions", "calls_nodes", "calls_schema"],
            await LinesAsync(@"select table_name::text from information_schema.tables where table_schema = 'public' and table_name not like 'mt\_%' order by 1"));

    [Fact]
    public async Task An_event_is_written_with_the_values_that_Marten_writes()
    {
        Assert.Equal(
            ["1 1 call_started EventCalls.Contracts.CallStarted, EventCalls.Contracts *DEFAULT* false -"],
            await LinesAsync("""
                select seq_id || ' ' || version || ' ' || type || ' ' || mt_dotnet_type || ' ' || tenant_id || ' ' || is_archived || ' ' || coalesce(bdata::text, '-')
                from mt_events
                """));
        Assert.Equal(["true"], await LinesAsync("select (abs(extract(epoch from timestamp - (data->>'occurredAt')::timestamptz)) < 0.00001)::text from mt_events"));
        Assert.Equal(["1 *DEFAULT* false -"], await LinesAsync("select version || ' ' || tenant_id || ' ' || is_archived || ' ' || coalesce(type, '-') from mt_streams"));
    }

    private async Task<List<string>> LinesAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }
}
