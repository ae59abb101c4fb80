using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Recording;
using EventCalls.Store.Tests;
using EventCalls.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventCalls.Marten.Tests;

/// <summary>Connections and servers that die in the middle of appends.</summary>
public sealed class BrokenConnectionTests(MartenFixture fixture) : IClassFixture<MartenFixture>
{
    [Fact]
    public async Task Sessions_killed_in_the_middle_of_batches_lose_nothing_and_double_nothing()
    {
        var database = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(database);
        await store.MigrateAsync(CancellationToken.None);
        var samples = new SampleCalls(9);
        var calls = new List<List<CallEvent>>();

        int broken = 0;
        using var done = new CancellationTokenSource();
        var killing = KillSessionsAsync(database, done.Token);
        while (broken < 5)
        {
            var batch = Enumerable.Range(0, 40).Select(_ => samples.Bridged()).ToList();
            calls.AddRange(batch);
            await AppendUntilStoredAsync(batch.SelectMany(call => call));
        }
        await done.CancelAsync();
        await killing;

        // A session that was killed when its work was done is dead in the pool, and found out by its next use.
        await using var after = fixture.Open(database);
        foreach (var call in calls)
            await AssertWholeAsync(after, call);

        async Task AppendUntilStoredAsync(IEnumerable<CallEvent> events)
        {
            var list = events.Select(EventToAppend.Of).ToList();
            while (true)
            {
                try
                {
                    await store.AppendAsync(list, CancellationToken.None);
                    return;
                }
                catch (StoreUnreachableException)
                {
                    broken++;
                }
            }
        }
    }

    [Fact]
    public async Task A_server_killed_and_started_again_in_mid_traffic_ends_with_everything_stored_once()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var store = MartenStore.Open(new StoreOptions { Postgres = server.ConnectionString });
        await store.MigrateAsync(CancellationToken.None);
        var options = new AppendQueueOptions { RetryDelay = TimeSpan.FromMilliseconds(20), MaxRetryDelay = TimeSpan.FromMilliseconds(100) };
        await using var queue = new AppendQueue(store, options, TimeProvider.System, NullLogger<AppendQueue>.Instance);
        var samples = new SampleCalls(5);
        var calls = Enumerable.Range(0, 200).Select(_ => samples.Bridged()).ToList();

        var before = calls[..100].Select(call => queue.AppendAsync([.. call.Select(EventToAppend.Of)], CancellationToken.None)).ToList();
        await Task.WhenAny(before);
        await server.KillAsync();
        var during = calls[100..].Select(call => queue.AppendAsync([.. call.Select(EventToAppend.Of)], CancellationToken.None)).ToList();
        await Task.Delay(200);
        Assert.DoesNotContain(during, message => message.IsCompleted);
        await server.StartAgainAsync();
        await Task.WhenAll([.. before, .. during]);

        foreach (var call in calls)
            await AssertWholeAsync(store, call);
    }

    private static async Task AssertWholeAsync(ICallStore store, List<CallEvent> call)
    {
        var stream = await store.ReadStreamAsync(call[0].CallId, CancellationToken.None);
        Assert.Equal(call.Select(e => e.EventId), stream.Select(e => e.EventId));
        Assert.Equal(Enumerable.Range(1, call.Count).Select(n => (long)n), stream.Select(e => e.Version));
        var row = await store.FindAsync(call[0].CallId.ToString(), CancellationToken.None);
        Assert.Equal((call.Count, call[^1].EventId), (row!.Version, row.LastEventId));
        Assert.Empty(await store.ReadLateEventsAsync(call[0].CallId, CancellationToken.None));
    }

    private static async Task KillSessionsAsync(string database, CancellationToken done)
    {
        var elsewhere = new NpgsqlConnectionStringBuilder(database) { Database = "postgres" };
        await using var source = NpgsqlDataSource.Create(elsewhere);
        var random = new Random(1);
        while (!done.IsCancellationRequested)
        {
            await using var command = source.CreateCommand("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1 and state = 'active'");
            command.Parameters.Add(new() { Value = new NpgsqlConnectionStringBuilder(database).Database });
            await command.ExecuteScalarAsync(CancellationToken.None);
            await Task.Delay(random.Next(1, 40), CancellationToken.None);
        }
    }
}
