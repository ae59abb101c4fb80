using System.Diagnostics;
using EventCalls.Benchmarks.Running;
using EventCalls.Marten;
using EventCalls.Store;
using EventCalls.Store.Statistics;
using EventCalls.Testing;
using Npgsql;

namespace EventCalls.Benchmarks.Counting;

/// <summary>How long counting ended calls in PostgreSQL takes: <c>-- stats [--calls N]</c>.</summary>
/// <remarks>The rows of <c>calls</c> are made in the database, of 30 days, 3 trunks, 8 flows, 200 targets, 2 versions of the logic and 4 reasons; counting reads nothing else. The server is one of its own.</remarks>
internal static class StatisticsBenchmark
{
    private const string Usage = "stats [--calls N]";

    private const string Fill = """
        insert into calls (call_id, sip_call_id, node, trunk, caller, callee, started_at, answered_at, ended_at, flow, logic_version, handoff, target, outcome, attempts,
          ended_by, end_cause, last_event_id, version, reason, decision_us, post_dial_ms)
        select gen_random_uuid(), n || '-4711@192.0.2.10', 'edge-1', 'trunk-' || n % 3, '+1555' || lpad((n % 9999991)::text, 7, '0'), '+15557654321', at,
          case when r < 0.8 then at + interval '1 s' end, at + interval '90 s', 'flow-' || n % 8, 'sha256:' || repeat('ab', 31) || n * 2 / $1,
          'invite', 'sip:+1555' || floor(200 * random() * random()) || '@198.51.100.7:5060', case when r < 0.8 then 'answered' when r < 0.9 then 'busy' else 'no_answer' end, 1,
          'caller', 'hung_up', gen_random_uuid(), 9, case when n % 10 = 0 then 'reason-' || n % 4 end, 20 + floor(-60 * ln(1 - random())), 100 + floor(-1500 * ln(1 - random()))
        from (select n, random() as r, timestamptz '2025-03-01 00:00Z' + n * interval '30 days' / $1 as at from generate_series($2, $3) n) as call
        """;

    private static readonly (string Name, StatisticsQuery Query)[] s_queries =
    [
        ("all in one", new StatisticsQuery()),
        ("by trunk and flow", new StatisticsQuery { By = [StatisticsDimension.Trunk, StatisticsDimension.Flow] }),
        ("by hour and target", new StatisticsQuery { By = [StatisticsDimension.Hour, StatisticsDimension.Target] }),
        ("by everything but the day", new StatisticsQuery { By = [.. Enum.GetValues<StatisticsDimension>().Where(d => d != StatisticsDimension.Day)] }),
        ("one day by hour and trunk", new StatisticsQuery
        {
            From = new DateTimeOffset(2025, 3, 15, 0, 0, 0, TimeSpan.Zero), To = new DateTimeOffset(2025, 3, 16, 0, 0, 0, TimeSpan.Zero),
            By = [StatisticsDimension.Hour, StatisticsDimension.Trunk],
        }),
    ];

    /// <summary>Runs it; the exit code is 0, or 2 for arguments it does not know.</summary>
    public static Task<int> RunAsync(string[] args) => BenchmarkCommand.RunAsync(args, Calls, Usage, MeasureAsync);

    private static int Calls(IReadOnlyList<string> args)
    {
        var (reader, calls) = (new ArgumentReader(args), 1_000_000);
        while (reader.Next())
            calls = reader.Name == "--calls" ? reader.Number(1) : throw reader.Unknown();
        return calls;
    }

    private static async Task<int> MeasureAsync(int calls, string folder)
    {
        await using var server = await PostgresServer.StartOwnAsync(durable: true);
        await using var store = MartenStore.Open(new StoreOptions { Postgres = server.ConnectionString });
        await store.MigrateAsync(CancellationToken.None);
        await FillAsync(server.ConnectionString, calls);
        foreach (var (name, query) in s_queries)
        {
            // The first time reads what the server does not have in memory yet, and compiles this program.
            await ((ICallStatistics)store).StatisticsAsync(query, CancellationToken.None);
            var (cpuBefore, serverBefore, began) = (Environment.CpuUsage.TotalTime, server.CpuSeconds(), Stopwatch.GetTimestamp());
            var counted = await ((ICallStatistics)store).StatisticsAsync(query, CancellationToken.None);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            BenchmarkCommand.Line($"{calls} calls, {name}: {seconds:0.00} s; CPU client {(Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds:0.00} s, server {server.CpuSeconds() - serverBefore:0.00} s; {counted.Groups.Count} groups of {counted.Groups.Sum(g => g.Calls)} calls");
        }
        using var own = Process.GetCurrentProcess();
        BenchmarkCommand.Line($"resident at most {own.PeakWorkingSet64 >> 20} MiB");
        return 0;
    }

    private static async Task FillAsync(string connection, int calls)
    {
        const int AtOnce = 200_000;
        await using var source = NpgsqlDataSource.Create(connection);
        for (int from = 0; from < calls; from += AtOnce)
        {
            await using var command = source.CreateCommand(Fill);
            command.CommandTimeout = 0;
            foreach (int value in (int[])[calls, from, Math.Min(from + AtOnce, calls) - 1])
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            await command.ExecuteNonQueryAsync();
        }
        await using var analyze = source.CreateCommand("vacuum analyze calls");
        analyze.CommandTimeout = 0;
        await analyze.ExecuteNonQueryAsync();
    }
}
