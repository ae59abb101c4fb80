using System.Globalization;
using EventCalls.Store;
using Npgsql;

namespace EventCalls.Host.Commands.Doctor;

/// <summary>Whether the event store can be reached and has its tables, and when its nodes were heard last.</summary>
internal static class StoreCheck
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Finding>> RunAsync(StoreOptions options, TimeProvider time, CancellationToken ct)
    {
        if (options.Postgres is null && Path.GetFullPath(options.Sqlite ?? "calls.db") is var path && !File.Exists(path))
            return [NoFile(path)];
        ICallStore opened;
        try
        {
            opened = CallStoreFactory.Open(options);
        }
        catch (ArgumentException e)
        {
            return [Finding.Failed("store", e.Message, "Correct EventCalls:Store.", ExitCodes.BadUsage)];
        }
        await using var store = opened;
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(s_longest);
            await store.PingAsync(deadline.Token).ConfigureAwait(false);
            var nodes = await store.ListNodesAsync(deadline.Token).ConfigureAwait(false);
            return [Finding.Ok("store", $"{store.Description}: reachable, with its tables."), .. nodes.Select(n => OfNode(n, time.GetUtcNow()))];
        }
        catch (StoreUnreachableException e) when (HasNoTables(e))
        {
            return [Finding.Warning("store", $"{store.Description}: reachable, without tables yet.", "The service makes them when it starts.")];
        }
        catch (StoreUnreachableException e)
        {
            return [Finding.Unreachable("store", e.Message, "Calls are recorded as soon as the store can be used; until then they wait on the bus.")];
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return [Finding.Unreachable("store", $"{store.Description}: did not answer in time.", "Start the server, or name the right one in EventCalls:Store:Postgres.")];
        }
    }

    private static Finding NoFile(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        return Directory.Exists(folder)
            ? Finding.Warning("store", $"SQLite {path}: there is no such file yet.", "The service makes it when it starts.")
            : Finding.Unreachable("store", $"SQLite {path}: there is no folder {folder}.", "Make the folder, or name another file in EventCalls:Store:Sqlite.");
    }

    private static bool HasNoTables(StoreUnreachableException e) =>
        e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } || e.Message.Contains("has no tables", StringComparison.Ordinal);

    private static Finding OfNode(NodeStatus node, DateTimeOffset now)
    {
        var heartbeat = node.Heartbeat;
        if (heartbeat.Stopping)
            return Finding.Ok("node", $"{heartbeat.Node}: stopped in order at {UtcTime.Seconds(heartbeat.At)}.");
        var quiet = now - node.ReceivedAt;
        return quiet < s_quiet
            ? Finding.Ok("node", $"{heartbeat.Node}: running since {UtcTime.Seconds(heartbeat.RunningSince)}.")
            : Finding.Warning("node", string.Create(CultureInfo.InvariantCulture, $"{heartbeat.Node}: not heard of since {UtcTime.Seconds(node.ReceivedAt)}."), "See whether it still runs; its open calls are closed as lost.");
    }
}
