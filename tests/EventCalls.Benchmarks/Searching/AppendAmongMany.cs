using EventCalls.Benchmarks.Micro;
using EventCalls.Benchmarks.Running;
using EventCalls.Marten;
using EventCalls.Store;
using EventCalls.Testing;
using Npgsql;

namespace EventCalls.Benchmarks.Searching;

/// <summary>Appending to a store that has many events already, and reading from it, beside one on the same server that has none, in turns.</summary>
internal static class AppendAmongMany
{
    private const int Batch = 600;
    private const int Rounds = 3;

    /// <summary>Measures both.</summary>
    /// <param name="server">The server.</param>
    /// <param name="full">The store with many.</param>
    /// <param name="calls">The ids of some of its whole calls.</param>
    /// <param name="events">How many events are appended each time.</param>
    public static async Task RunAsync(PostgresServer server, ICallStore full, IReadOnlyList<Guid> calls, int events)
    {
        await using (var admin = NpgsqlDataSource.Create(server.ConnectionString))
        await using (var create = admin.CreateCommand("create database few"))
            await create.ExecuteNonQueryAsync();
        await using var empty = MartenStore.Open(new StoreOptions { Postgres = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "few" }.ToString() });
        await empty.MigrateAsync(CancellationToken.None);
        var measure = new Measurement(server);
        int seed = 0;
        // The first round compiles and warms up.
        for (int round = 0; round < Rounds; round++)
        {
            foreach (string shape in (string[])["whole", "spread"])
            {
                foreach (var (store, name) in new[] { (empty, "few"), (full, "many") })
                {
                    var workload = AppendWorkload.Make(shape, events, Batch, ++seed);
                    await measure.RunAsync($"round {round}, {shape} calls appended among {name}", workload.Sum(b => b.Count), async () =>
                    {
                        foreach (var batch in workload)
                            await store.AppendAsync(batch, CancellationToken.None);
                    });
                }
            }
            await measure.RunAsync($"round {round}, {calls.Count} calls read among many", calls.Count * 6, async () =>
            {
                foreach (var call in calls)
                    _ = await full.ReadStreamAsync(call, CancellationToken.None);
            });
        }
    }
}
