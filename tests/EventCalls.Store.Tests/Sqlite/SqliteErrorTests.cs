using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Tests.Sqlite;

/// <summary>What can be wrong with a file, and transactions that do not end well.</summary>
public sealed class SqliteErrorTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>
{
    private readonly SampleCalls _calls = new(1);

    [Fact]
    public async Task A_file_that_is_not_there_is_named_and_not_made_by_looking()
    {
        var path = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(path);
        var refused = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.SearchAsync(new CallQuery(), CancellationToken.None));
        Assert.Contains($"there is no file {path}", refused.Message);
        Assert.Contains("EventCalls:Store:Sqlite", refused.Message);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var path = Path.Combine(await fixture.NewDatabaseAsync(), "calls.db");
        await using var store = fixture.Open(path);
        var refused = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.MigrateAsync(CancellationToken.None));
        Assert.Contains(path, refused.Message);
        Assert.Contains("folder must exist", refused.Message);
    }

    [Fact]
    public async Task A_file_of_another_kind_is_left_alone()
    {
        var path = await fixture.NewDatabaseAsync();
        await File.WriteAllTextAsync(path, new string('x', 5_000));
        await using var store = fixture.Open(path);
        var refused = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.MigrateAsync(CancellationToken.None));
        Assert.Contains("not a database", refused.Message);
        Assert.Equal(5_000, new FileInfo(path).Length);
    }

    [Fact]
    public async Task A_database_without_our_tables_says_so()
    {
        var path = await fixture.NewDatabaseAsync();
        Execute(path, "create table other (x)");
        await using var store = fixture.Open(path);
        foreach (var use in (Func<Task>[])[() => store.PingAsync(CancellationToken.None), () => store.FindAsync("x", CancellationToken.None), () => store.AppendAsync([], CancellationToken.None)])
            Assert.Contains("no tables of EventCalls", (await Assert.ThrowsAsync<StoreUnreachableException>(use)).Message);
    }

    [Fact]
    public async Task A_file_that_a_newer_version_wrote_is_not_touched()
    {
        var path = await fixture.NewDatabaseAsync();
        Execute(path, "pragma user_version = 999");
        await using var store = fixture.Open(path);
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => store.MigrateAsync(CancellationToken.None))).Message);
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => store.PingAsync(CancellationToken.None))).Message);
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => store.CheckSchemaAsync(CancellationToken.None))).Message);
        Assert.Contains("newer version", (await Assert.ThrowsAsync<StoreUnreachableException>(() => store.UpdateScriptAsync(CancellationToken.None))).Message);
    }

    [Fact]
    public void An_empty_path_is_refused_by_its_key() =>
        Assert.Contains("EventCalls:Store:Sqlite", Assert.Throws<ArgumentException>(() => SqliteStore.Open(new StoreOptions { Sqlite = " " })).Message);

    [Fact]
    public async Task A_transaction_that_fails_in_the_middle_leaves_nothing_and_can_be_done_again()
    {
        var path = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(path);
        await store.MigrateAsync(CancellationToken.None);
        var calls = Enumerable.Range(0, 20).Select(_ => _calls.Bridged()).ToList();
        await store.AppendAsync([.. calls.SelectMany(call => call[..2]).Select(EventToAppend.Of)], CancellationToken.None);
        Execute(path, "create trigger fails before insert on events when new.version = 9 begin select raise(abort, 'no ends today'); end");

        var all = calls.SelectMany(call => call).Select(EventToAppend.Of).ToList();
        Assert.Contains("no ends today", (await Assert.ThrowsAsync<EventRefusedException>(() => store.AppendAsync(all, CancellationToken.None))).Message);
        Assert.Equal(2, (await store.ReadStreamAsync(calls[0][0].CallId, CancellationToken.None)).Count);
        Assert.Equal(2, (await store.FindAsync(calls[0][0].CallId.ToString(), CancellationToken.None))!.Version);

        Execute(path, "drop trigger fails");
        Assert.Equal(20 * 7, (await store.AppendAsync(all, CancellationToken.None)).Stored);
        foreach (var call in calls)
            Assert.Equal(call.Select(e => e.EventId), (await store.ReadStreamAsync(call[0].CallId, CancellationToken.None)).Select(e => e.EventId));
    }

    [Fact]
    public async Task A_process_that_dies_in_its_transaction_leaves_nothing_and_nobody_waits_for_it()
    {
        var path = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(path);
        await store.MigrateAsync(CancellationToken.None);
        using (var dying = Connect(path))
        {
            using var command = dying.CreateCommand();
            command.CommandText = "begin immediate; insert into events (call_id, version, event_id, type, occurred_at, data) values ('x', 1, 'x', 'x', 'x', '{}')";
            command.ExecuteNonQuery();
        }
        await store.AppendAsync([.. _calls.Bridged().Select(EventToAppend.Of)], CancellationToken.None);
        var positions = new List<long>();
        await foreach (var e in store.ReadAllAsync(EventRange.All, CancellationToken.None))
            positions.Add(e.Position);
        Assert.Equal(9, positions.Count);
    }

    [Theory]
    [InlineData(SqliteDurability.Normal)]
    [InlineData(SqliteDurability.Full)]
    public async Task A_store_opened_again_has_what_was_stored(SqliteDurability durability)
    {
        var options = new StoreOptions { Sqlite = await fixture.NewDatabaseAsync(), SqliteDurability = durability };
        var events = _calls.Bridged();
        await using (var store = SqliteStore.Open(options))
        {
            await store.MigrateAsync(CancellationToken.None);
            await store.AppendAsync([.. events[..5].Select(EventToAppend.Of)], CancellationToken.None);
        }
        await using (var store = SqliteStore.Open(options))
        {
            Assert.Equal(4, (await store.AppendAsync([.. events.Select(EventToAppend.Of)], CancellationToken.None)).Stored);
            Assert.Equal(events.Select(e => e.EventId), (await store.ReadStreamAsync(events[0].CallId, CancellationToken.None)).Select(e => e.EventId));
        }
    }

    private static void Execute(string path, string sql)
    {
        using var connection = Connect(path);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }
}
