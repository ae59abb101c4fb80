using System.Text.Json;
using EventCalls.Host.Commands;
using EventCalls.Host.Composition;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Host.Tests.Commands;

/// <summary>What the commands say of a real broker and a real database.</summary>
public sealed class CommandsWithServersTests(CommandsWithServersTests.Broker broker) : IClassFixture<CommandsWithServersTests.Broker>
{
    [Fact]
    public async Task A_broker_that_takes_our_connection_is_well()
    {
        Assert.Equal("ok", (await BusFindingAsync(broker.Address)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_broker_that_refuses_the_password_is_told_apart_from_one_that_is_not_there()
    {
        var finding = await BusFindingAsync(new UriBuilder(broker.Address) { Password = "wrong" }.Uri);

        Assert.Equal("failed", finding.GetProperty("status").GetString());
        Assert.EndsWith(" refuses the user or password.", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtual_host_that_is_not_there_is_told()
    {
        var finding = await BusFindingAsync(new UriBuilder(broker.Address) { Path = "nowhere" }.Uri);

        Assert.Equal("failed", finding.GetProperty("status").GetString());
        Assert.Contains("nowhere", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("Correct the virtual host", finding.GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_tables_is_told_and_one_with_calls_is_read()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var run = new CommandRun();
        run.Configure("Store:Postgres", server.ConnectionString);
        run.Configure("Sip:Listen:0", "udp:127.0.0.1:0");
        run.Configure("Routing:Logic", Path.Combine(AppContext.BaseDirectory, "routing"));
        if (server.IsOwn)
        {
            Assert.Equal(ExitCodes.Done, await run.RunAsync("doctor"));
            Assert.Contains(run.OutLines, line => line.StartsWith("warning  store          PostgreSQL ", StringComparison.Ordinal));
        }
        var call = RecordedCalls.ReferredThenBridged();
        await using (var store = StoreChoice.Open(new StoreOptions { Postgres = server.ConnectionString }))
        {
            await store.MigrateAsync(default);
            await store.AppendAsync([.. call.Events.Select(EventToAppend.Of)], default);
        }

        await run.RunAsync("doctor");
        Assert.Contains(run.OutLines, line => line.StartsWith("ok       store          PostgreSQL ", StringComparison.Ordinal));
        run.Forget();
        await run.RunAsync("calls", "show", call.SipCallId);
        Assert.Equal(Ladders.ReferredThenBridged, run.Out);
        run.Forget();
        await run.RunAsync("calls", "export", "--flow", "vip_support");
        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal(call.Events.Count, json.RootElement.GetProperty("events").GetArrayLength());
    }

    private static async Task<JsonElement> BusFindingAsync(Uri address)
    {
        await using var run = new CommandRun();
        run.Configure("Sip:Listen:0", "udp:127.0.0.1:0");
        run.Configure("Bus:RabbitMq", address.ToString());
        await run.RunAsync("doctor", "--json");
        using var json = JsonDocument.Parse(Assert.Single(run.OutLines));
        return json.RootElement.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("check").GetString() == "bus").Clone();
    }

    /// <summary>One broker for all tests here.</summary>
    public sealed class Broker : IAsyncLifetime
    {
        private RabbitMqServer? _server;

        public Uri Address => new(_server!.ConnectionString);

        public async Task InitializeAsync() => _server = await RabbitMqServer.StartAsync();

        public async Task DisposeAsync()
        {
            if (_server is not null)
                await _server.DisposeAsync();
        }
    }
}
