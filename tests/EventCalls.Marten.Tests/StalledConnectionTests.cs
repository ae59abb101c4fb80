using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Recording;
using EventCalls.Store.Tests;
using EventCalls.Testing;
using Npgsql;

namespace EventCalls.Marten.Tests;

/// <summary>Connections that go silent without being closed, in the middle of appends.</summary>
public sealed class StalledConnectionTests(MartenFixture fixture) : IClassFixture<MartenFixture>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly AppendQueueOptions s_options = new()
    {
        AppendLimit = TimeSpan.FromSeconds(2),
        RetryDelay = TimeSpan.FromMilliseconds(20),
        MaxRetryDelay = TimeSpan.FromMilliseconds(200),
    };

    private readonly SampleCalls _samples = new(4);

    [Fact]
    public async Task A_session_whose_client_is_cut_off_in_its_transaction_holds_nobody_up_for_long_and_is_named()
    {
        var (proxy, settings) = await ThroughProxyAsync();
        await using var _ = proxy;
        // The same limits as always, only shorter.
        settings.Options = "-c idle_in_transaction_session_timeout=12000 -c lock_timeout=1500";
        await using var store = fixture.Open(settings.ToString());
        await store.MigrateAsync(CancellationToken.None);
        var log = new ListLogger<AppendQueue>();
        await using var queue = new AppendQueue(store, s_options, TimeProvider.System, log);
        var call = _samples.Bridged();
        await queue.AppendAsync([.. call[..2].Select(EventToAppend.Of)], CancellationToken.None);

        // The transaction has locked the stream; its end does not reach the server, and nobody tells the server that the client has gone.
        proxy.StallAt(bytes => bytes.Span.IndexOf("COMMIT\0"u8) >= 0);
        var message = queue.AppendAsync([.. call[2..].Select(EventToAppend.Of)], CancellationToken.None);
        await proxy.Stalled.WaitAsync(s_patience);
        int process = await IdleInTransactionAsync(settings.Database!).WaitAsync(s_patience);
        proxy.Resume();

        await message.WaitAsync(s_patience);
        var stream = await store.ReadStreamAsync(call[0].CallId, CancellationToken.None);
        Assert.Equal(call.Select(e => e.EventId), stream.Select(e => e.EventId));
        Assert.Contains(log.Lines, line => line.Contains("was given up", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains($"waits for a lock of server process {process} (EventCalls on 127.0.0.1, idle in transaction)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_stored_while_connections_stall_again_and_again_is_stored_once()
    {
        var (proxy, settings) = await ThroughProxyAsync();
        await using var _ = proxy;
        settings.Options = "-c idle_in_transaction_session_timeout=1000 -c lock_timeout=500";
        await using var store = fixture.Open(settings.ToString());
        await store.MigrateAsync(CancellationToken.None);
        await using var queue = new AppendQueue(
            store, s_options with { AppendLimit = TimeSpan.FromMilliseconds(500) }, TimeProvider.System, new ListLogger<AppendQueue>());
        var calls = new List<List<CallEvent>>();
        var messages = new List<Task>();
        for (int stall = 0; stall < 3; stall++)
        {
            for (int i = 0; i < 20; i++)
            {
                var call = _samples.Bridged();
                calls.Add(call);
                messages.AddRange(call.Chunk(3).Select(part => queue.AppendAsync([.. part.Select(EventToAppend.Of)], CancellationToken.None)));
                if (i == 10)
                    proxy.Stall();
            }
            await Task.Delay(300);
            proxy.Resume();
            await messages[^1].WaitAsync(s_patience);
        }
        await Task.WhenAll(messages).WaitAsync(s_patience);
        foreach (var call in calls)
        {
            var stream = await store.ReadStreamAsync(call[0].CallId, CancellationToken.None);
            Assert.Equal(call.Select(e => e.EventId), stream.Select(e => e.EventId));
            Assert.Empty(await store.ReadLateEventsAsync(call[0].CallId, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Every_session_has_limits_and_those_of_the_connection_string_come_first()
    {
        var database = await fixture.NewDatabaseAsync();
        Assert.Equal(("15s", "5s", "10", "25000"), await LimitsAsync(database));
        var own = new NpgsqlConnectionStringBuilder(database) { Options = "-c lock_timeout=7s" };
        Assert.Equal(("15s", "7s", "10", "25000"), await LimitsAsync(own.ToString()));
    }

    /// <summary>What the sessions of a store are set to, asked for by a trigger that an append runs.</summary>
    private async Task<(string Idle, string Lock, string KeepAlive, string Unanswered)> LimitsAsync(string database)
    {
        await using var store = fixture.Open(database);
        await store.MigrateAsync(CancellationToken.None);
        await fixture.ExecuteAsync(database, """
            create table if not exists seen (idle text, lock text, keepalive text, unanswered text);
            create or replace function look() returns trigger language plpgsql as $$ begin
              insert into seen values (current_setting('idle_in_transaction_session_timeout'), current_setting('lock_timeout'),
                current_setting('tcp_keepalives_idle'), current_setting('tcp_user_timeout'));
              return new; end $$;
            create or replace trigger looks before insert on calls for each row execute function look();
            """);
        await store.AppendAsync([EventToAppend.Of(_samples.Start())], CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("delete from seen returning idle, lock, keepalive, unanswered");
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));
    }

    private async Task<(StallingProxy Proxy, NpgsqlConnectionStringBuilder Settings)> ThroughProxyAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(await fixture.NewDatabaseAsync());
        var proxy = new StallingProxy(settings.Port);
        settings.Port = proxy.Port;
        return (proxy, settings);
    }

    private async Task<int> IdleInTransactionAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        while (true)
        {
            await using var command = source.CreateCommand("select pid from pg_stat_activity where datname = $1 and state = 'idle in transaction'");
            command.Parameters.Add(new() { Value = database });
            if (await command.ExecuteScalarAsync() is int process)
                return process;
            await Task.Delay(10);
        }
    }
}
