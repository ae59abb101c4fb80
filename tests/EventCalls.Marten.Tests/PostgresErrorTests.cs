using EventCalls.Store;
using EventCalls.Store.Tests;
using EventCalls.Testing;
using Npgsql;

namespace EventCalls.Marten.Tests;

/// <summary>What cannot be used says what it is, why, and what to do.</summary>
public sealed class PostgresErrorTests(MartenFixture fixture) : IClassFixture<MartenFixture>
{
    [Fact]
    public async Task A_server_that_is_not_there_is_named_with_host_and_port()
    {
        int port = FreePorts.Next();
        await using var store = fixture.Open($"Host=127.0.0.1;Port={port};Username=calls;Password=secret;Database=calls");
        var refused = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.MigrateAsync(CancellationToken.None));
        Assert.Contains($"PostgreSQL 127.0.0.1:{port}/calls", refused.Message);
        Assert.Contains("Start the server", refused.Message);
        Assert.DoesNotContain("secret", refused.ToString());
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named_and_how_to_make_it()
    {
        var settings = new NpgsqlConnectionStringBuilder(fixture.Server.ConnectionString) { Database = "nowhere" };
        await using var store = fixture.Open(settings.ToString());
        var refused = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.PingAsync(CancellationToken.None));
        Assert.Contains("\"nowhere\" does not exist", refused.Message);
        Assert.Contains("createdb", refused.Message);
    }

    [Fact]
    public async Task A_database_without_our_tables_says_so_and_has_them_after_migration()
    {
        await using var store = fixture.Open(await fixture.NewDatabaseAsync());
        var refused = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.PingAsync(CancellationToken.None));
        Assert.Contains("The service makes its tables when it starts", refused.Message);
        await Assert.ThrowsAsync<StoreUnreachableException>(() => store.AppendAsync([EventToAppend.Of(new SampleCalls(1).Start())], CancellationToken.None));
        await store.MigrateAsync(CancellationToken.None);
        await store.PingAsync(CancellationToken.None);
    }

    [Fact]
    public async Task To_one_who_may_only_read_no_key_is_missing_and_no_script_makes_it_anew()
    {
        var database = await fixture.NewDatabaseAsync();
        await using (var store = fixture.Open(database))
            await store.MigrateAsync(CancellationToken.None);
        var role = $"reader_{Guid.NewGuid():N}";
        await fixture.ExecuteAsync(database, $"create role {role} login; grant select on all tables in schema public to {role}");
        try
        {
            await using var reading = fixture.Open(new NpgsqlConnectionStringBuilder(database) { Username = role }.ToString());
            await reading.PingAsync(CancellationToken.None);
            foreach (var asking in (Func<Task>[])[() => reading.CheckSchemaAsync(CancellationToken.None), () => reading.UpdateScriptAsync(CancellationToken.None)])
                Assert.Contains("grant this one references on all tables", (await Assert.ThrowsAsync<StoreUnreachableException>(asking)).Message);
            await fixture.ExecuteAsync(database, $"grant references on all tables in schema public to {role}; grant select on all sequences in schema public to {role}");
            Assert.Empty(await reading.CheckSchemaAsync(CancellationToken.None));
            Assert.Null(await reading.UpdateScriptAsync(CancellationToken.None));
        }
        finally
        {
            await fixture.ExecuteAsync(database, $"drop owned by {role}; drop role {role}");
        }
    }

    [Theory]
    [InlineData("", "names no Host")]
    [InlineData("Database=calls", "names no Host")]
    [InlineData("amqp://guest:guest@127.0.0.1", "is no connection string")]
    [InlineData("Host=127.0.0.1;Colour=red", "is no connection string")]
    [InlineData("Host=127.0.0.1;Port=many", "is no connection string")]
    public void A_text_that_is_no_connection_string_is_refused_by_its_key(string text, string reason)
    {
        var refused = Assert.Throws<ArgumentException>(() => MartenStore.Open(new StoreOptions { Postgres = text }));
        Assert.Contains("EventCalls:Store:Postgres", refused.Message);
        Assert.Contains(reason, refused.Message);
        Assert.Contains("right would be", refused.Message);
    }
}
