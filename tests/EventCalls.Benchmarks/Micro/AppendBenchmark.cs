using System.Globalization;
using EventCalls.Benchmarks.Running;
using EventCalls.Host.Composition;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Micro;

/// <summary>
/// How many events a second a store takes, gives back, and folds again: <c>-- append --store postgres|sqlite [--events N] [--batch N] [--shape whole|spread|single] [--writers N] [--durable]</c>.
/// </summary>
/// <remarks>PostgreSQL is a server of its own with fsync on, on the same machine. SQLite syncs at checkpoints only, unless <c>--durable</c> is given.</remarks>
public static class AppendBenchmark
{
    private static readonly string[] s_options = ["--store", "--events", "--batch", "--shape", "--writers"];

    /// <summary>Runs it and prints the figures; the exit code is 0, or 2 for arguments it does not know.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var given = Parse(args);
        if (given is null)
        {
            await System.Console.Error.WriteLineAsync("append --store postgres|sqlite [--events N] [--batch N] [--shape whole|spread|single] [--writers N] [--durable]");
            return 2;
        }

        int Number(string name, int otherwise) => given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        var shape = given.GetValueOrDefault("--shape", "whole");
        int writers = Number("--writers", 1);
        int batch = Number("--batch", 600);
        var workloads = Enumerable.Range(0, writers)
            .Select(n => AppendWorkload.Make(shape, Number("--events", 200_000) / writers, batch, seed: n)).ToList();
        var warmUp = AppendWorkload.Make(shape, 10 * batch, batch, seed: -1);

        var folder = Directory.CreateTempSubdirectory("eventcalls-append-");
        await using var server = given["--store"] == "postgres" ? await PostgresServer.StartOwnAsync(durable: true) : null;
        await using var store = StoreChoice.Open(new StoreOptions
        {
            Postgres = server?.ConnectionString,
            Sqlite = Path.Combine(folder.FullName, "calls.db"),
            SqliteDurability = given.ContainsKey("--durable") ? SqliteDurability.Full : SqliteDurability.Normal,
        });
        await store.MigrateAsync(CancellationToken.None);
        foreach (var events in warmUp)
            await store.AppendAsync(events, CancellationToken.None);

        var measure = new Measurement(server);
        int count = workloads.Sum(workload => workload.Sum(events => events.Count));
        await measure.RunAsync($"{given["--store"]}, {shape}, batches of {batch}, {writers} writer(s)", count, () => Task.WhenAll(workloads.Select(workload => Task.Run(async () =>
        {
            foreach (var events in workload)
            {
                var result = await store.AppendAsync(events, CancellationToken.None);
                if (result.Stored != events.Count)
                    throw new InvalidOperationException($"{result.Stored} of {events.Count} events were stored.");
            }
        }))));
        count += warmUp.Sum(events => events.Count);
        await measure.RunAsync("all read by position", count, async () =>
        {
            await foreach (var e in store.ReadAllAsync(EventRange.All, CancellationToken.None))
                _ = e;
        });
        await measure.RunAsync("projection checked against the streams", count, () => store.RebuildProjectionAsync(CancellationToken.None));
        await store.DisposeAsync();
        folder.Delete(recursive: true);
        return 0;
    }

    private static Dictionary<string, string>? Parse(string[] args)
    {
        var given = new Dictionary<string, string>();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--durable")
                given[args[i]] = "";
            else if (s_options.Contains(args[i]) && i + 1 < args.Length)
                given[args[i]] = args[++i];
            else
                return null;
        }

        return given.GetValueOrDefault("--store") is "postgres" or "sqlite" ? given : null;
    }
}
