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
