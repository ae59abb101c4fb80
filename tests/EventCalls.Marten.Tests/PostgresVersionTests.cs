using System.Text;
using System.Text.Json.Nodes;
using EventCalls.Marten.Appending;
using EventCalls.Store;
using EventCalls.Store.Keeping;
using EventCalls.Store.Tests;
using EventCalls.Testing.Databases;
using Npgsql;

namespace EventCalls.Marten.Tests;

/// <summary>Databases that past versions made, as dumped from them: each is brought up to date, with all that is in it.</summary>
public sealed class PostgresVersionTests(MartenFixture fixture) : IClassFixture<MartenFixture>
{
    private const int Newest = 7;

    public static TheoryData<int> Past => [.. Enumerable.Range(1, Newest - 1)];

    [Theory]
    [MemberData(nameof(Past))]
    public async Task A_database_of_a_past_version_is_named_by_those_who_only_read_it(int version)
    {
        await using var store = fixture.Open(await RestoreAsync(version));
        var refused = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.PingAsync(default));
        Assert.Contains($"an older version of EventCalls (schema {version}; this one needs {Newest})", refused.Message);
        Assert.Contains("eventcalls run", refused.Message);
    }

    [Theory]
    [MemberData(nameof(Past))]
    public async Task A_database_of_a_past_version_is_brought_up_to_date_with_no_event_and_no_call_changed(int version)
    {
        var database = await RestoreAsync(version);
        var before = await ContentsAsync(database);
        await using (var store = fixture.Open(database))
        {
            await store.MigrateAsync(default);
            await store.MigrateAsync(default);
            await store.PingAsync(default);

            // What is new in the rows is what the streams say.
            var filled = await store.SearchAsync(new CallQuery { Limit = 100 }, default);
            await store.RebuildProjectionAsync(default);
            Assert.Equal(await store.SearchAsync(new CallQuery { Limit = 100 }, default), filled);
        }
        Assert.Equal(before, await ContentsAsync(database));
        var made = await fixture.NewDatabaseAsync();
        await using (var store = fixture.Open(made))
            await store.MigrateAsync(default);
        Assert.Equal(await ColumnsAsync(made), await ColumnsAsync(database));
    }

    [Fact]
    public async Task A_database_of_version_1_is_gone_on_with() => await PastVersions.MustBeKeptAsync(fixture.Open(await RestoreAsync(1)));

    [Fact]
    public async Task A_database_of_version_2_is_gone_on_with_and_its_events_are_those_of_the_SQLite_file()
    {
        await using var store = fixture.Open(await RestoreAsync(2));
        await store.MigrateAsync(default);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.db");
        await File.WriteAllBytesAsync(path, PastDatabase.Read("sqlite-2.db"));
        await using (var file = SqliteStore.Open(new StoreOptions { Sqlite = path }))
        {
            await file.MigrateAsync(default);
            Assert.Equal(await file.SearchAsync(new CallQuery { Limit = 100 }, default), await store.SearchAsync(new CallQuery { Limit = 100 }, default));
            var ours = await AllAsync(store);
            var others = await AllAsync(file);
            Assert.Equal(others.Select(e => (e.EventId, e.Version, e.Type)), ours.Select(e => (e.EventId, e.Version, e.Type)));
            foreach (var (e, other) in ours.Zip(others))
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(e.Data.Span), JsonNode.Parse(JsonbText.Fit(other.Data).Span)), $"{e.Type} {e.EventId}");
        }
        File.Delete(path);
        await PastVersions.MustBeReadAsync(store, 42, 323);
    }

    [Fact]
    public async Task Several_processes_that_start_on_a_past_versions_database_bring_it_up_to_date_once()
    {
        var database = await RestoreAsync(1);
        var stores = Enumerable.Range(0, 5).Select(_ => fixture.Open(database)).ToList();
        await Task.WhenAll(stores.Select(store => Task.Run(() => store.MigrateAsync(default))));
        foreach (var store in stores)
        {
            await store.PingAsync(default);
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_that_a_newer_version_made_is_not_touched()
    {
        var database = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(database);
        await store.MigrateAsync(default);
        await fixture.ExecuteAsync(database, "insert into calls_schema (version) values (99)");
        await using var again = fixture.Open(database);
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => again.MigrateAsync(default))).Message);
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => again.PingAsync(default))).Message);

        // Whoever only looks would not see all that is there, or would leave some of what is to be erased.
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => again.SearchAsync(new CallQuery(), default))).Message);
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => ((ICallKeeping)again).EraseAsync([Guid.NewGuid()], default))).Message);
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => again.CheckSchemaAsync(default))).Message);
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => again.UpdateScriptAsync(default))).Message);

        // What was at work before goes on: recorders are brought up to date one after the other.
        Assert.Equal(1, (await store.AppendAsync([EventToAppend.Of(new SampleCalls(1).Start())], default)).Stored);
    }

    private async Task<string> RestoreAsync(int version)
    {
        var database = await fixture.NewDatabaseAsync();
        await fixture.ExecuteAsync(database, Encoding.UTF8.GetString(PastDatabase.Read($"postgres-{version}.sql")));
        return database;
    }

    private static async Task<List<StoredEvent>> AllAsync(ICallStore store)
    {
        var all = new List<StoredEvent>();
        await foreach (var e in store.ReadAllAsync(EventRange.All, default))
            all.Add(e);
        return all;
    }

    /// <summary>Everything that is in the tables, as text: the columns that every version has.</summary>
    private static Task<List<string>> ContentsAsync(string database) => LinesAsync(database, """
        select 'event ' || seq_id || ' ' || id || ' ' || stream_id || ' ' || version || ' ' || type || ' ' || timestamp || ' ' || mt_dotnet_type || ' ' || data::text from mt_events
        union all select 'stream ' || id || ' ' || version || ' ' || timestamp || ' ' || created from mt_streams
        union all select 'call ' || row(call_id, sip_call_id, node, trunk, caller, callee, started_at, answered_at, ended_at, flow, logic_version,
          handoff, target, outcome, attempts, ended_by, end_cause, last_event_id, version)::text from calls
        union all select 'late ' || arrival || ' ' || event_id || ' ' || call_id || ' ' || type || ' ' || data::text from calls_late_events
        union all select 'logic ' || calls_logic_versions::text from calls_logic_versions
        union all select 'node ' || node || ' ' || running_since || ' ' || at || ' ' || stopping || ' ' || received_at from calls_nodes
        order by 1
        """);

    // Marten gives mt_events.timestamp the moment the table is made as its default; everybody writes the column.
    private static Task<List<string>> ColumnsAsync(string database) => LinesAsync(database, """
        select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
          || case when table_name = 'mt_events' and column_name = 'timestamp' then '' else coalesce(column_default, '') end
        from information_schema.columns where table_schema = 'public'
        union all select indexdef from pg_indexes where schemaname = 'public' order by 1
        """);

    private static async Task<List<string>> LinesAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new List<string>();
        while (await reader.ReadAsync())
            columns.Add(reader.GetString(0));
        return columns;
    }
}
