using System.Diagnostics;
using EventCalls.Benchmarks.Micro;
using EventCalls.Benchmarks.Running;
using EventCalls.Contracts;
using EventCalls.Marten;
using EventCalls.Marten.Reading;
using EventCalls.Store;
using EventCalls.Store.Statistics;
using EventCalls.Testing;
using JasperFx;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Marten.Subscriptions;
using Npgsql;
using EventRange = JasperFx.Events.Projections.EventRange;

namespace EventCalls.Benchmarks.Counting;

/// <summary>How fast Marten's daemon follows recorded events: <c>-- follow [--events N]</c>.</summary>
/// <remarks>The events of whole calls, 6 each, are there before the daemon starts; the server is one of its own, with fsync on.</remarks>
internal static class FollowBenchmark
{
    private const string Usage = "follow [--events N]";
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(30);

    /// <summary>Runs it; the exit code is 0, or 2 for arguments it does not know.</summary>
    public static Task<int> RunAsync(string[] args) => BenchmarkCommand.RunAsync(args, Events, Usage, MeasureAsync);

    private static int Events(IReadOnlyList<string> args)
    {
        var (reader, events) = (new ArgumentReader(args), 300_000);
        while (reader.Next())
            events = reader.Name == "--events" ? reader.Number(600) : throw reader.Unknown();
        return events;
    }

    private static async Task<int> MeasureAsync(int events, string folder)
    {
        await using var server = await PostgresServer.StartOwnAsync(durable: true);
        await using var calls = MartenStore.Open(new EventCalls.Store.StoreOptions { Postgres = server.ConnectionString });
        await calls.MigrateAsync(CancellationToken.None);
        foreach (var batch in AppendWorkload.Make("whole", events, 600, seed: 1))
            await calls.AppendAsync(batch, CancellationToken.None);
        await FollowAsync(server, events, "all events, nothing done", options => options.Projections.Subscribe(new Nothing()));
        await FollowAsync(server, events, "ends of calls, counted into cells", options => options.Projections.Subscribe(new Counted()));
        await FollowAsync(server, events, "calls as documents (CallRecordProjection)", options => options.Projections.Add<CallRecordProjection>(ProjectionLifecycle.Async));
        return 0;
    }

    private static async Task FollowAsync(PostgresServer server, int events, string what, Action<global::Marten.StoreOptions> configure)
    {
        await using var store = DocumentStore.For(options =>
        {
            options.Connection(server.ConnectionString);
            options.DatabaseSchemaName = "follow";
            options.Events.DatabaseSchemaName = "public";
            options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
            options.Projections.AsyncMode = DaemonMode.Solo;
            MartenOptions.AddEvents(options);
            configure(options);
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        using var daemon = await store.BuildProjectionDaemonAsync();
        var (cpuBefore, serverBefore, began) = (Environment.CpuUsage.TotalTime, server.CpuSeconds(), Stopwatch.GetTimestamp());
        await daemon.StartAllAsync();
        await store.WaitForNonStaleProjectionDataAsync(s_longest);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        BenchmarkCommand.Line($"{what}: {events / seconds:0} events/s; CPU an event: client {(Environment.CpuUsage.TotalTime - cpuBefore).TotalMicroseconds / events:0.0} µs, server {(server.CpuSeconds() - serverBefore) * 1e6 / events:0.0} µs");
        await daemon.StopAllAsync();
    }

    /// <summary>Is handed everything.</summary>
    private sealed class Nothing : SubscriptionBase
    {
        public Nothing() => Name = "nothing";

        public override Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken) =>
            Task.FromResult(NullChangeListener.Instance);
    }

    /// <summary>The counts of one key, as a document.</summary>
    private sealed record CellDocument(Guid Id, StatisticsCell Cell);

    /// <summary>Counts calls that ended into the cell of their key, as statistics by a projection would.</summary>
    private sealed class Counted : SubscriptionBase
    {
        public Counted()
        {
            Name = "counted";
            IncludeType<CallEnded>();
        }

        public override async Task<IChangeListener> ProcessEventsAsync(
            EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand($"select {CallRows.Columns} from calls where call_id = any($1)");
            command.Parameters.Add(new NpgsqlParameter { Value = page.Events.Select(e => e.StreamId).ToArray() });
            var rows = new List<CallRow>();
            await using (var reader = (NpgsqlDataReader)await operations.ExecuteReaderAsync(command, cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                    rows.Add(CallRows.Read(reader));
            }
            var groups = rows.ToLookup(StatisticsKey.Of);
            var cells = (await operations.LoadManyAsync<CellDocument>(cancellationToken, groups.Select(group => group.Key.ToId()))).ToDictionary(cell => cell.Id);
            foreach (var group in groups)
            {
                var cell = cells.GetValueOrDefault(group.Key.ToId()) ?? new CellDocument(group.Key.ToId(), new StatisticsCell { Key = group.Key });
                foreach (var call in group)
                    cell.Cell.Add(call);
                operations.Store(cell);
            }
            return NullChangeListener.Instance;
        }
    }
}
