using Npgsql;

namespace EventCalls.Store.Tests.Postgres;

/// <summary>Databases that past versions made, as dumped from them: each is brought up to date, with all that is in it.</summary>
public sealed class PostgresVersionTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const int Newest = 2;

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
    public async Task A_database_of_a_past_version_is_brought_up_to_date_and_keeps_what_is_in_it(int version)
    {
        var database = await RestoreAsync(version);
        await PastVersions.MustBeKeptAsync(fixture.Open(database));
        var made = await fixture.NewDatabaseAsync();
        await using (var store = fixture.Open(made))
            await store.MigrateAsync(default);
        Assert.Equal(await ColumnsAsync(made), await ColumnsAsync(database));
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
    }

    private async Task<string> RestoreAsync(int version)
    {
        var database = await fixture.NewDatabaseAsync();
        await fixture.ExecuteAsync(database, await File.ReadAllTextAsync(PastVersions.File($"postgres-{version}.sql")));
        return database;
    }

    private static async Task<List<string>> ColumnsAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("""
            select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
            from information_schema.columns where table_schema = 'public'
            union all select indexdef from pg_indexes where schemaname = 'public' order by 1
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new List<string>();
        while (await reader.ReadAsync())
            columns.Add(reader.GetString(0));
        return columns;
    }
}
