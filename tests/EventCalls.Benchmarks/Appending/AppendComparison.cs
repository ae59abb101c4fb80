using System.Diagnostics;
using System.Globalization;
using EventCalls.Benchmarks.Micro;
using EventCalls.Marten;
using EventCalls.Store;
using EventCalls.Testing;
using Npgsql;

namespace EventCalls.Benchmarks.Appending;

/// <summary>
/// Appending in a Marten session beside appending without one as it was before, and with the columns that were not filled then, in turns on one server: <c>-- append-compare [--events N] [--batch N] [--rounds N] [--shapes whole,spread,single]</c>.
/// </summary>
public static class AppendComparison
{
    private static readonly string[] s_ways = ["before", "causes", "marten"];

    /// <summary>Runs it and prints each figure, then the medians; the exit code is 0, or 2 for arguments it does not know.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var given = new Dictionary<string, string> { ["--events"] = "120000", ["--batch"] = "600", ["--rounds"] = "5", ["--shapes"] = "whole,spread,single" };
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!given.ContainsKey(args[i]) || i + 1 == args.Length)
            {
                await System.Console.Error.WriteLineAsync("append-compare [--events N] [--batch N] [--rounds N] [--shapes whole,spread,single]");
                return 2;
            }
            given[args[i]] = args[i + 1];
        }
        int Number(string name) => int.Parse(given[name], CultureInfo.InvariantCulture);

        await using var server = await PostgresServer.StartOwnAsync(durable: true);
        foreach (string shape in given["--shapes"].Split(','))
        {
            var figures = s_ways.ToDictionary(way => way, _ => new List<Figure>());
            // The first round warms up; who goes first changes from round to round.
            for (int round = 0; round <= Number("--rounds"); round++)
            {
                foreach (string way in round % 2 == 0 ? s_ways : s_ways.Reverse())
                {
                    var workload = AppendWorkload.Make(shape, Number("--events"), Number("--batch"), seed: round);
                    var figure = await MeasureAsync(server, way, $"{way}_{shape}_{round}", workload);
                    System.Console.WriteLine($"{shape}, round {round}, {way}: {figure}");
                    if (round > 0)
                        figures[way].Add(figure);
                }
            }
            var before = Figure.Median(figures["before"]);
            foreach (string way in s_ways)
            {
                var now = Figure.Median(figures[way]);
                System.Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{shape}, {way}, medians: {now}; events/s × {now.EventsPerSecond / before.EventsPerSecond:0.00}, CPU × {(now.Client + now.Server) / (before.Client + before.Server):0.00} (client {now.Client / before.Client:0.00}, server {now.Server / before.Server:0.00})"));
            }
        }
        return 0;
    }

    private static async Task<Figure> MeasureAsync(PostgresServer server, string way, string database, List<List<EventToAppend>> workload)
    {
        await using (var admin = NpgsqlDataSource.Create(server.ConnectionString))
        await using (var create = admin.CreateCommand($"create database {database}"))
            await create.ExecuteNonQueryAsync();
        var options = new StoreOptions { Postgres = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database }.ToString() };
        await using var store = MartenStore.Open(options);
        await store.MigrateAsync(default);
        await using var source = NpgsqlDataSource.Create(MartenStore.Settings(options.Postgres));
        Func<IReadOnlyList<EventToAppend>, CancellationToken, Task<AppendResult>> append = way == "marten"
            ? store.AppendAsync
            : new PostgresAppender(source, database, withCauses: way == "causes").AppendAsync;
        int warm = workload.Count / 10;
        foreach (var batch in workload[..warm])
            await append(batch, default);

        var process = Process.GetCurrentProcess();
        GC.Collect();
        process.Refresh();
        var (client, ofServer) = (process.TotalProcessorTime, server.CpuSeconds());
        long began = Stopwatch.GetTimestamp();
        int events = 0;
        foreach (var batch in workload[warm..])
            events += (await append(batch, default)).Stored;
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        process.Refresh();
        return new Figure(events / seconds, (process.TotalProcessorTime - client).TotalSeconds * 1e6 / events, (server.CpuSeconds() - ofServer) * 1e6 / events);
    }

    /// <summary>How fast, and the processor time of an event, µs.</summary>
    private readonly record struct Figure(double EventsPerSecond, double Client, double Server)
    {
        public static Figure Median(IEnumerable<Figure> figures)
        {
            var all = figures.ToList();
            return new Figure(Middle(f => f.EventsPerSecond), Middle(f => f.Client), Middle(f => f.Server));

            double Middle(Func<Figure, double> value) => all.Select(value).Order().ElementAt(all.Count / 2);
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{EventsPerSecond:0} events/s, CPU {Client:0.0} µs client, {Server:0.0} µs server");
    }
}
