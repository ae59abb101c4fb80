using EventCalls.Contracts;
using EventCalls.Marten.Schema;
using EventCalls.Store;
using EventCalls.Store.Tests;
using Npgsql;

namespace EventCalls.Marten.Tests;

/// <summary>The index of headers is made when it is asked for, also of what is there already, and searches use it.</summary>
public sealed class HeaderIndexTests(MartenFixture fixture) : IClassFixture<MartenFixture>, IAsyncLifetime
{
    private readonly SampleCalls _calls = new(1);
    private string _database = "";

    public async Task InitializeAsync() => _database = await fixture.NewDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_was_stored_before_is_found_by_it_too_and_by_names_that_it_leaves_out_as_before()
    {
        var call = _calls.Start() with { Headers = [new SipHeader("X-Customer-ID", "42"), new SipHeader("Subject", new string('s', 9_000)), new SipHeader("Via", "SIP/2.0/UDP 192.0.2.1")] };
        await using (var before = fixture.Open(_database))
        {
            await before.MigrateAsync(default);
            await before.AppendAsync([EventToAppend.Of(call)], default);
            Assert.False(before.HasHeaderIndex);
        }

        await using var store = Indexed(_database);
        Assert.Contains(HeaderIndex.Name, Assert.Single(await store.CheckSchemaAsync(default)), StringComparison.Ordinal);
        Assert.Contains($"create index {HeaderIndex.Name}", await store.UpdateScriptAsync(default), StringComparison.Ordinal);
        await store.MigrateAsync(default);
        Assert.Empty(await store.CheckSchemaAsync(default));
        Assert.Null(await store.UpdateScriptAsync(default));

        foreach (var header in call.Headers)
            Assert.Equal(call.CallId, Assert.Single(await store.SearchAsync(Of(header.Name, header.Value), default)).CallId);
        Assert.Empty(await store.SearchAsync(Of("X-Customer-ID", "4"), default));
        Assert.True(store.HasHeaderIndex);
    }

    [Fact]
    public async Task A_rare_value_among_many_calls_is_found_without_reading_them()
    {
        await using var store = Indexed(_database);
        await store.MigrateAsync(default);
        var starts = Enumerable.Range(0, 3_000).Select(n => _calls.Start() with { Headers = [new SipHeader("X-Customer-ID", $"{n}"), new SipHeader("X-Tier", "gold")] }).ToList();
        await store.AppendAsync([.. starts.Select(EventToAppend.Of)], default);
        await fixture.ExecuteAsync(_database, "vacuum analyze");
        long before = await ReadAsync();

        Assert.Equal(starts[7].CallId, Assert.Single(await store.SearchAsync(Of("X-Customer-ID", "7"), default)).CallId);

        long rare = await ReadAsync();
        // The newest calls are looked at, whether the value is common among them.
        Assert.InRange(rare - before, 0, 1_100);

        Assert.Equal(starts.TakeLast(20).Reverse().Select(s => s.CallId), (await store.SearchAsync(Of("X-Tier", "gold") with { Limit = 20 }, default)).Select(row => row.CallId));
        Assert.Equal(3_000, await store.CountAsync(Of("X-Tier", "gold"), default));
    }

    [Fact]
    public async Task One_whose_making_was_cut_off_is_made_anew()
    {
        await using var store = Indexed(_database);
        await store.MigrateAsync(default);
        await fixture.ExecuteAsync(_database, $"update pg_index set indisvalid = false where indexrelid = '{HeaderIndex.Name}'::regclass");
        Assert.Single(await store.CheckSchemaAsync(default));
        await store.MigrateAsync(default);
        Assert.Empty(await store.CheckSchemaAsync(default));
    }

    [Fact]
    public async Task Who_does_not_ask_for_it_leaves_it_alone()
    {
        await using (var store = Indexed(_database))
            await store.MigrateAsync(default);
        await using var without = fixture.Open(_database);
        await without.MigrateAsync(default);
        Assert.Empty(await without.CheckSchemaAsync(default));
        await using var asked = Indexed(_database);
        Assert.Empty(await asked.CheckSchemaAsync(default));
    }

    [Fact]
    public async Task It_lives_in_the_schema_of_the_tables()
    {
        await fixture.ExecuteAsync(_database, "create schema telephony");
        string database = new NpgsqlConnectionStringBuilder(_database) { SearchPath = "telephony" }.ToString();
        await using var store = Indexed(database);
        await store.MigrateAsync(default);
        var call = _calls.Start() with { Headers = [new SipHeader("X-Customer-ID", "42")] };
        await store.AppendAsync([EventToAppend.Of(call)], default);
        Assert.Single(await store.SearchAsync(Of("x-customer-id", "42"), default));
    }

    private static ICallStore Indexed(string database) => MartenStore.Open(new EventCalls.Store.StoreOptions { Postgres = database, HeaderIndex = true });

    private static CallQuery Of(string name, string value) => new() { Headers = [new HeaderCondition([name], value)] };

    /// <summary>How many rows of calls and events were read, by whatever way.</summary>
    private async Task<long> ReadAsync()
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand("select pg_stat_clear_snapshot(), (select sum(seq_tup_read + idx_tup_fetch) from pg_stat_user_tables where relname in ('calls', 'mt_events'))::bigint");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetInt64(1);
    }
}
