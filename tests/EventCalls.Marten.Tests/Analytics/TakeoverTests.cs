using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Recording;
using EventCalls.Store.Tests;
using EventCalls.Testing;
using Npgsql;

namespace EventCalls.Marten.Tests.Analytics;

/// <summary>Daemons of several processes on one database (<c>DaemonMode.HotCold</c>), while calls are recorded and something breaks.</summary>
public sealed class TakeoverTests(MartenFixture fixture) : IClassFixture<MartenFixture>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private readonly SampleCalls _calls = new(22);

    [Fact]
    public async Task When_the_one_that_works_is_killed_another_one_goes_on_and_every_event_is_counted_once_and_in_order()
    {
        var database = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(database);

        // Nobody has made the tables yet: all three do at once.
        var starting = Enumerable.Range(0, 2).Select(_ => AnalyticsProcess.StartAsync(database)).ToList();
        await store.MigrateAsync(default);
        List<AnalyticsProcess> all = [.. await Task.WhenAll(starting)], running = [.. all];
        try
        {
            await using (new Recording(events => store.AppendAsync(events, default), _calls))
            {
                for (int killed = 0; killed < 3; killed++)
                {
                    var working = await NextToTellAsync(running);
                    OthersStandBy(running, working);
                    await working.KillAsync();
                    running.Remove(working);
                    OthersStandBy(running, await NextToTellAsync(running));
                    var another = await AnalyticsProcess.StartAsync(database);
                    all.Add(another);
                    running.Add(another);
                }
            }

            var expected = await Expected.OfAsync(store);
            Assert.True(expected.Failed.Count > 100, $"Only {expected.Failed.Count} transfers failed.");
            await ShowsAsync(running[0], expected);
            OthersStandBy(running, running[0]);

            // What is done outside the database is done again for what the killed one had not committed, and for nothing else.
            foreach (var process in all)
                Assert.Equal(process.Told.Distinct().Order(), process.Told);
            Assert.Equal(expected.Failed, all.SelectMany(process => process.Told).Distinct().Order());
            foreach (var (one, other) in all.SelectMany(one => all.Select(other => (one, other))).Where(pair => pair.one != pair.other))
            {
                var twice = one.Told.Intersect(other.Told).ToList();
                Assert.True(
                    one.Told.TakeLast(twice.Count).SequenceEqual(twice) || other.Told.TakeLast(twice.Count).SequenceEqual(twice),
                    $"Told twice, and not at the end: {string.Join(' ', twice)}");
            }
        }
        finally
        {
            foreach (var process in all)
                await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task When_PostgreSQL_is_killed_and_started_again_recorder_daemons_and_migrations_go_on()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var store = fixture.Open(server.ConnectionString);
        await store.MigrateAsync(default);
        await using var queue = new AppendQueue(
            store, new AppendQueueOptions { RetryDelay = TimeSpan.FromMilliseconds(20), MaxRetryDelay = TimeSpan.FromMilliseconds(200) }, TimeProvider.System, new ListLogger<AppendQueue>());
        await using var one = await AnalyticsProcess.StartAsync(server.ConnectionString);
        await using var other = await AnalyticsProcess.StartAsync(server.ConnectionString);
        using var stop = new CancellationTokenSource();
        var migrating = MigrateAgainAndAgainAsync(server.ConnectionString, stop.Token);
        await using (new Recording(events => queue.AppendAsync(events, default), _calls))
        {
            for (int killed = 0; killed < 2; killed++)
            {
                await NextToTellAsync([one, other]);
                await server.RestartAsync();
            }
            await NextToTellAsync([one, other]);
        }
        await stop.CancelAsync();
        Assert.True(await migrating > 0);

        var expected = await Expected.OfAsync(store);
        await ShowsAsync(one, expected);
        Assert.Empty(await store.CheckSchemaAsync(default));
        foreach (var process in (AnalyticsProcess[])[one, other])
            Assert.Equal(process.Told.Distinct().Order(), process.Told.Distinct());
        Assert.Equal(expected.Failed, one.Told.Union(other.Told).Order());
    }

    [Fact]
    public async Task What_commits_long_after_its_position_was_drawn_is_waited_for()
    {
        var database = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(database);
        await store.MigrateAsync(default);
        await RecordAsync(store, 20);
        await using var analytics = await AnalyticsProcess.StartAsync(database);
        var expected = await Expected.OfAsync(store);
        await analytics.UntilAsync("/api/rates", expected.Fits);

        // Another writer's commit hangs: ten seconds, when Marten's daemon has long given up waiting for numbers that nobody holds any more.
        await using var source = NpgsqlDataSource.Create(database);
        await using (var connection = await source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var stream = new NpgsqlCommand($"insert into mt_streams (id, version) values ('{Guid.NewGuid()}', 1) returning id", connection);
            await using var late = new NpgsqlCommand("""
                insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
                select nextval('mt_events_sequence'), gen_random_uuid(), $1, 1, data, type, timestamp, mt_dotnet_type from mt_events where type = 'transfer_failed' limit 1
                """, connection);
            late.Parameters.Add(new() { Value = await stream.ExecuteScalarAsync() });
            Assert.Equal(1, await late.ExecuteNonQueryAsync());
            await RecordAsync(store, 20);
            await Task.Delay(TimeSpan.FromSeconds(10));
            Assert.Equal(expected.Failed, analytics.Told);
            await transaction.CommitAsync();
        }
        expected = await Expected.OfAsync(store);
        await analytics.UntilAsync("/api/failed", failed => failed.AsArray().Count == expected.Failed.Count);
        Assert.Equal(expected.Failed, analytics.Told);
    }

    // With everything stored once by the progress alone, also two that work at once would go unnoticed, each undoing what the other does.
    private static void OthersStandBy(List<AnalyticsProcess> running, AnalyticsProcess working) =>
        Assert.All(running.Where(process => process != working), process => Assert.Empty(process.Told));

    private async Task RecordAsync(ICallStore store, int calls) =>
        await store.AppendAsync([.. Enumerable.Range(0, calls).SelectMany(_ => _calls.Any()).Select(EventToAppend.Of)], default);

    private static async Task ShowsAsync(AnalyticsProcess process, Expected expected)
    {
        await process.UntilAsync("/api/rates", expected.Fits);
        await process.UntilAsync("/api/handoffs", states => expected.Handoffs.Values.CountBy(state => state).All(state => (long?)states[state.Key] == state.Value));
        await process.UntilAsync("/api/failed", failed => failed.AsArray().Select(f => (long)f!["position"]!).Reverse().SequenceEqual(expected.Failed.TakeLast(200)));
    }

    /// <summary>Waits until one of them tells more, and says which.</summary>
    private static async Task<AnalyticsProcess> NextToTellAsync(List<AnalyticsProcess> running)
    {
        using var limit = new CancellationTokenSource(s_patience);
        int[] before = [.. running.Select(process => process.Told.Count)];
        while (true)
        {
            for (int i = 0; i < before.Length; i++)
            {
                if (running[i].Told.Count > before[i])
                    return running[i];
            }
            await Task.Delay(20, limit.Token);
        }
    }

    private async Task<int> MigrateAgainAndAgainAsync(string database, CancellationToken stop)
    {
        for (int done = 0; ;)
        {
            try
            {
                await using var store = fixture.Open(database);
                await store.MigrateAsync(default);
                done++;
            }
            catch (StoreUnreachableException)
            {
                // It is away. Whoever starts then tries again.
            }
            try
            {
                await Task.Delay(50, stop);
            }
            catch (OperationCanceledException)
            {
                return done;
            }
        }
    }

    /// <summary>Records calls, some events of each at a time, until it is disposed of; then all of them have been stored.</summary>
    private sealed class Recording : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _recording;

        public Recording(Func<IReadOnlyList<EventToAppend>, Task> append, SampleCalls calls) => _recording = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                List<List<CallEvent>> some = [.. Enumerable.Range(0, 3).Select(_ => calls.Any())];
                for (int from = 0; some.Exists(call => call.Count > from); from += 3)
                    await append([.. some.SelectMany(call => call.Skip(from).Take(3)).Select(EventToAppend.Of)]);
                await Task.Delay(5);
            }
        });

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _recording.WaitAsync(s_patience);
            _stop.Dispose();
        }
    }
}
