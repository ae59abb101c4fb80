using System.Diagnostics;
using EventCalls.Benchmarks.Replay;
using EventCalls.Benchmarks.Running;
using EventCalls.Console;
using EventCalls.Contracts;
using EventCalls.Contracts.Findings;
using EventCalls.Marten;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using EventCalls.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventCalls.Benchmarks.Searching;

/// <summary>How long the API takes to find calls among many in PostgreSQL, and to show one: <c>-- search [--calls N] [--runs N] [--whole N] [--more N] [--append N] [--header-index] [--filled CONNECTION] [--without INDEX,…]</c>.</summary>
/// <remarks>
/// Every Nth call of <c>--whole</c> has all its events, the others have their first, and <c>--more</c> of the sample call's that only take up room: a search reads no other one, and calls that are shown are whole ones. The server is one of its own; the API answers over HTTP on 127.0.0.1 and the time is that of the whole answer. Each question is asked many times, each time of other values: half of them those of
/// calls taken by chance, half of them the values taken by chance, so that what hardly any call has is asked for as often as what most have. <c>--filled</c> names a server that has them already. With <c>--append</c>, so many events are appended then, beside a database that has none.
/// </remarks>
internal static class SearchBenchmark
{
    private const string Usage = "search [--calls N] [--runs N] [--whole N] [--more N] [--append N] [--header-index] [--filled CONNECTION] [--without INDEX,...]";

    private static readonly DateTimeOffset s_begin = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs it; the exit code is 0, 1 when an answer was not as expected, or 2 for arguments it does not know.</summary>
    public static Task<int> RunAsync(string[] args) => BenchmarkCommand.RunAsync(args, Read, Usage, MeasureAsync);

    private static Options Read(IReadOnlyList<string> args)
    {
        var (reader, options) = (new ArgumentReader(args), new Options(1_000_000, 200, 1, 0, 0, false, null, []));
        while (reader.Next())
        {
            options = reader.Name switch
            {
                "--calls" => options with { Calls = reader.Number(1000) },
                "--runs" => options with { Runs = reader.Number(0) },
                "--whole" => options with { Whole = reader.Number(1) },
                "--more" => options with { More = reader.Number(0) },
                "--append" => options with { Append = reader.Number(1) },
                "--header-index" => options with { HeaderIndex = true },
                "--filled" => options with { Filled = reader.Value() },
                "--without" => options with { Without = reader.Value().Split(',') },
                _ => throw reader.Unknown(),
            };
        }
        return options;
    }

    private static async Task<int> MeasureAsync(Options options, string folder)
    {
        if (options.Filled is not null)
            Environment.SetEnvironmentVariable(PostgresServer.Variable, options.Filled);
        await using var server = options.Filled is null ? await PostgresServer.StartOwnAsync() : await PostgresServer.StartAsync();
        await using var store = MartenStore.Open(new StoreOptions { Postgres = server.ConnectionString, HeaderIndex = options.HeaderIndex });
        await store.MigrateAsync(CancellationToken.None);
        using var logic = LogicCompiler.Compile([new LogicSource("support.cs", ReplayCalls.Sample)]).Logic!;
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        long began = Stopwatch.GetTimestamp();
        if (options.Filled is null)
            await new CallFill(source, logic, s_begin, options.Whole, options.More).RunAsync(options.Calls);
        foreach (string index in options.Without)
        {
            await using var drop = source.CreateCommand($"drop index {index}");
            await drop.ExecuteNonQueryAsync();
        }
        BenchmarkCommand.Line($"{options.Calls} calls made in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s, {await SizeAsync(source)}; load of the machine {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}");
        var sources = new ConsoleSources { Store = store, Health = _ => Task.FromResult(new HealthReport(true, "ready", "bench", ["console"], DateTimeOffset.UnixEpoch, [])) };
        await using var console = await ConsoleServer.StartAsync(new ConsoleOptions { Listen = new Uri("http://127.0.0.1:0") }, sources, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        using var client = new HttpClient { BaseAddress = console.Addresses[0] };
        int wrong = 0;
        foreach (var question in options.Runs == 0 ? [] : await SearchQuestions.MakeAsync(source, s_begin, options.Calls, options.Whole, options.Runs, options.HeaderIndex))
            wrong += await AskAsync(client, server, question);
        if (options.Append > 0)
            await AppendAmongMany.RunAsync(server, store, await WholeCallsAsync(source, options.Whole), options.Append);
        return wrong == 0 ? 0 : 1;
    }

    private static async Task<int> AskAsync(HttpClient client, PostgresServer server, SearchQuestion question)
    {
        // The first few compile this program; what the server has to read from the disk counts.
        foreach (string address in question.Addresses.Take(3))
            await client.GetByteArrayAsync(address);
        var times = new List<(double Ms, string Address)>();
        long bytes = 0;
        double cpu = server.CpuSeconds();
        foreach (string address in question.Addresses)
        {
            long began = Stopwatch.GetTimestamp();
            bytes += (await client.GetByteArrayAsync(address)).Length;
            times.Add((Stopwatch.GetElapsedTime(began).TotalMilliseconds, address));
        }
        cpu = server.CpuSeconds() - cpu;
        times.Sort();
        double Percentile(double percent) => times[Math.Min(times.Count - 1, (int)(times.Count * percent / 100))].Ms;
        BenchmarkCommand.Line($"{question.Name,-42} {times.Count,5} asked, p50 {Percentile(50),8:0.0} ms, p99 {Percentile(99),8:0.0} ms, most {times[^1].Ms,8:0.0} ms; PostgreSQL {cpu * 1000 / times.Count,7:0.0} CPU-ms; {bytes / times.Count / 1024,4} KiB; longest {times[^1].Address}");
        return bytes > 0 ? 0 : 1;
    }

    private static async Task<List<Guid>> WholeCallsAsync(NpgsqlDataSource source, int whole)
    {
        await using var command = source.CreateCommand($"select stream_id from mt_events tablesample system (0.1) where version = 6 and {CallFill.Whole($"{whole}", "stream_id")} order by random() limit 2000");
        await using var reader = await command.ExecuteReaderAsync();
        var calls = new List<Guid>();
        while (await reader.ReadAsync())
            calls.Add(reader.GetGuid(0));
        return calls;
    }

    private static async Task<string> SizeAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("""
            select string_agg(format('%s %s + %s indexes', name, pg_size_pretty(pg_table_size(name::regclass)), pg_size_pretty(pg_indexes_size(name::regclass))), ', ')
            from unnest(array['calls', 'mt_events', 'mt_streams']) as name
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private sealed record Options(int Calls, int Runs, int Whole, int More, int Append, bool HeaderIndex, string? Filled, IReadOnlyList<string> Without);
}
