using System.Text.Json.Nodes;
using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Keeping;
using EventCalls.Store.Tests;
using Marten;
using Npgsql;

namespace EventCalls.Marten.Tests;

/// <summary>The database is Marten's: it finds nothing to change in it, and reads what we append.</summary>
public sealed class MartenTablesTests(MartenFixture fixture) : IClassFixture<MartenFixture>, IAsyncLifetime
{
    private readonly SampleCalls _calls = new(1);
    private string _database = "";
    private ICallStore _store = null!;
    private NpgsqlDataSource _source = null!;
    private DocumentStore _marten = null!;

    public async Task InitializeAsync()
    {
        _database = await fixture.NewDatabaseAsync();
        _store = fixture.Open(_database);
        await _store.MigrateAsync(default);
        _source = NpgsqlDataSource.Create(_database);
        _marten = new DocumentStore(MartenOptions.Of(_source, new NpgsqlConnectionStringBuilder(_database)));
    }

    public async Task DisposeAsync()
    {
        _marten.Dispose();
        await _source.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Marten_finds_nothing_to_change() => await _marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();

    [Fact]
    public async Task Marten_misses_a_table_of_ours_and_one_of_its_own()
    {
        await fixture.ExecuteAsync(_database, "drop table calls_nodes; alter table mt_streams drop column compacted_version");
        var found = await Assert.ThrowsAnyAsync<Exception>(() => _marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync());
        Assert.Contains("calls_nodes", found.Message);
        Assert.Contains("compacted_version", found.Message);
        await _store.MigrateAsync(default);
        await Marten_finds_nothing_to_change();
    }

    [Fact]
    public async Task All_tables_that_are_not_Martens_are_named_as_ours() =>
        Assert.Equal(
            ["calls", "calls_counted", "calls_dead_letter_acts", "calls_late_events", "calls_logic_activations", "calls_logic_arrivals", "calls_logic_proofs", "calls_logic_versions", "calls_nodes", "calls_schema", "calls_value_changes", "calls_webhook_deliveries", "calls_webhooks"],
            await LinesAsync(@"select table_name::text from information_schema.tables where table_schema = 'public' and table_name not like 'mt\_%' order by 1"));

    [Fact]
    public async Task An_event_is_written_with_the_values_that_Marten_writes_and_says_its_cause_and_its_call()
    {
        var started = _calls.Start();
        var selected = _calls.Select(started);
        await AppendAsync(started, selected);
        Assert.Equal(
            [
                $"1 1 call_started EventCalls.Contracts.CallStarted, EventCalls.Contracts *DEFAULT* false {started.SipCallId} {started.CallId}",
                $"2 2 flow_selected EventCalls.Contracts.FlowSelected, EventCalls.Contracts *DEFAULT* false {started.EventId} {started.CallId}",
            ],
            await LinesAsync("""
                select seq_id || ' ' || version || ' ' || type || ' ' || mt_dotnet_type || ' ' || tenant_id || ' ' || is_archived || ' '
                  || coalesce(causation_id, '-') || ' ' || correlation_id from mt_events order by seq_id
                """));
        Assert.Equal(["2"], await LinesAsync("select count(*)::text from mt_events where abs(extract(epoch from timestamp - (data->>'occurredAt')::timestamptz)) < 0.00001"));
        Assert.Equal(["2 *DEFAULT* false - 0"], await LinesAsync("select version || ' ' || tenant_id || ' ' || is_archived || ' ' || coalesce(type, '-') || ' ' || compacted_version from mt_streams"));
    }

    [Theory]
    [InlineData("a84b4c76e66710@pc33.example.com", null, "a84b4c76e66710@pc33.example.com")]
    [InlineData("a84b4c76e66710", "edge.pcap", "a84b4c76e66710")]
    [InlineData("", "calls.csv", "calls.csv")]
    [InlineData("nul\0in it", null, "nul\uFFFDin it")]
    public async Task The_cause_of_a_calls_first_event_is_its_INVITE_or_what_the_call_was_imported_from(string sipCallId, string? importedFrom, string cause)
    {
        await AppendAsync(_calls.Start() with { SipCallId = sipCallId, ImportedFrom = importedFrom });
        Assert.Equal([cause], await LinesAsync("select causation_id from mt_events"));
    }

    [Fact]
    public async Task The_cause_of_a_masked_calls_first_event_says_no_more_who_called_than_the_event_does()
    {
        var call = _calls.Bridged();
        call[0] = (CallStarted)call[0] with { SipCallId = "15551230001-7@127.0.0.1" };
        await AppendAsync([.. call]);
        Assert.Equal(1, await ((ICallKeeping)_store).MaskAsync([call[0].CallId], DateTimeOffset.UnixEpoch, default));
        Assert.Equal(
            ["masked-7@127.0.0.1", .. call.Skip(1).Select(e => $"{e.CausationId}")],
            await LinesAsync("select causation_id from mt_events order by version"));
    }

    [Fact]
    public async Task Marten_reads_every_event_as_ours_and_would_write_it_back_the_same()
    {
        var calls = Enumerable.Range(0, 40).SelectMany(_ => _calls.Any()).ToList();
        await AppendAsync([.. calls]);
        await using var session = _marten.QuerySession();
        var serializer = _marten.Options.Serializer();
        foreach (var call in calls.GroupBy(e => e.CallId))
        {
            var state = await session.Events.FetchStreamStateAsync(call.Key);
            Assert.Equal(call.Count(), state!.Version);
            var stream = await session.Events.FetchStreamAsync(call.Key);
            Assert.Equal(call.Select(e => (e.EventId, CallEventNames.Of(e))), stream.Select(e => (e.Id, e.EventTypeName)));
            Assert.All(stream, e => Assert.Equal((call.Key.ToString(), ((CallEvent)e.Data).CausationId), (e.CorrelationId, e.Data is CallStarted ? Guid.Empty : Guid.Parse(e.CausationId!))));
            var stored = await _store.ReadStreamAsync(call.Key, default);
            foreach (var (e, kept) in stream.Zip(stored))
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(kept.Data.Span), JsonNode.Parse(serializer.ToJson(e.Data))), serializer.ToJson(e.Data));
        }
    }

    [Fact]
    public void Every_event_is_registered_under_its_stored_name()
    {
        var registered = ((IReadOnlyStoreOptions)_marten.Options).Events.AllKnownEventTypes().ToDictionary(e => e.EventType, e => e.EventTypeName);
        Assert.All(CallEventNames.All, e => Assert.Equal(e.Name, registered[e.Type]));
    }

    [Fact]
    public async Task Several_processes_that_start_on_an_empty_database_make_it_once()
    {
        var database = await fixture.NewDatabaseAsync();
        var stores = Enumerable.Range(0, 6).Select(_ => fixture.Open(database)).ToList();
        await Task.WhenAll(stores.Select(store => Task.Run(() => store.MigrateAsync(default))));
        foreach (var store in stores)
        {
            await store.PingAsync(default);
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_schema_that_the_connection_string_searches_is_used()
    {
        await fixture.ExecuteAsync(_database, "create schema telephony");
        var settings = new NpgsqlConnectionStringBuilder(_database) { SearchPath = "telephony" };
        await using var store = fixture.Open(settings.ToString());
        await store.MigrateAsync(default);
        await store.AppendAsync([EventToAppend.Of(_calls.Start())], default);
        Assert.Equal(["1"], await LinesAsync("select count(*)::text from telephony.mt_events"));
        Assert.Equal(["1"], await LinesAsync("select count(*)::text from telephony.calls"));
    }

    private async Task AppendAsync(params CallEvent[] events) =>
        Assert.Equal(events.Length, (await _store.AppendAsync([.. events.Select(EventToAppend.Of)], default)).Stored);

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
