using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Contracts.Findings;

namespace EventCalls.Store.Checks;

/// <summary>Whether the event store can be reached and has its tables, and when its nodes were heard last.</summary>
public static class StoreCheck
{
    private const long Mebibyte = 1024 * 1024;
    private const long FullMebibytes = 2;
    private const long LittleMebibytes = 256;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(1);

    /// <summary>Opens the store and looks through it, for some seconds at most; changes nothing.</summary>
    /// <param name="options">Which store.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(StoreOptions options, Func<StoreOptions, ICallStore> open, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Postgres is null && Path.GetFullPath(options.Sqlite ?? "calls.db") is var path && !File.Exists(path))
            return [NoFile(path)];
        ICallStore opened;
        try
        {
            opened = open(options);
        }
        catch (ArgumentException e)
        {
            return [Finding.Failed("store", e.Message, "Correct EventCalls:Store.", FindingFault.Configuration)];
        }
        await using var store = opened;
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(s_longest);
            await store.PingAsync(deadline.Token).ConfigureAwait(false);
            var nodes = await store.ListNodesAsync(deadline.Token).ConfigureAwait(false);
            return
            [
                Finding.Ok("store", $"{store.Description}: reachable, with its tables."),
                .. RoomFor(options),
                .. await DamageAsync(store, ct).ConfigureAwait(false),
                .. nodes.Select(n => OfNode(n, time.GetUtcNow())),
                .. nodes.SelectMany(OfTrunks),
            ];
        }
        catch (StoreUnreachableException e) when (e.HasNoTables)
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

    private static IEnumerable<Finding> RoomFor(StoreOptions options)
    {
        if (options.Postgres is not null)
            yield break;
        var path = Path.GetFullPath(options.Sqlite ?? "calls.db");
        long free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace / Mebibyte;
        if (free < FullMebibytes)
            yield return Finding.Unreachable("store", $"SQLite {path}: the disk is full ({free} MiB are free).", "Make room; what happened waits until then, and new calls are refused when too much waits.");
        else if (free < LittleMebibytes)
            yield return Finding.Warning("store", $"SQLite {path}: the disk has {free} MiB left.", "Make room, or move the file: name another in EventCalls:Store:Sqlite.");
    }

    private static async Task<IReadOnlyList<Finding>> DamageAsync(ICallStore store, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(s_longest);
        try
        {
            var damage = await store.FindDamageAsync(deadline.Token).ConfigureAwait(false);
            return [.. damage.Select(found => Finding.Failed(
                "store",
                $"{store.Description}: is damaged: {PlainText.Of(found).TrimEnd('.')}.",
                "Stop the service and keep a copy of the file; put a sound copy in its place, or save what can be read with sqlite3's .recover.",
                FindingFault.NotSo))];
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return [Finding.Ok("store", string.Create(CultureInfo.InvariantCulture, $"{store.Description}: is sound as far as {s_longest.TotalSeconds:0} s of looking through it show."))];
        }
    }

    // What a node saw last of each server that it asks, or asked.
    private static IEnumerable<Finding> OfTrunks(NodeStatus node)
    {
        foreach (var e in (node.Heartbeat.Report?.TrunkEvents ?? []).GroupBy(e => (e.Trunk, e.Server)).Select(g => g.Last()).OrderBy(e => e.Trunk, StringComparer.Ordinal))
        {
            string what = $"{PlainText.Of(e.Trunk)}: {PlainText.Of(e.Server)} went {(e is TrunkDown ? "down" : "up")} at {UtcTime.Seconds(e.OccurredAt)}, as {node.Heartbeat.Node} saw it";
            bool isSo = !node.Heartbeat.Stopping && node.Heartbeat.Report!.Trunks.Any(t => t.Name == e.Trunk && t.Servers.Any(s => s.Server == e.Server && !s.IsUp));
            yield return e is TrunkDown { Reason: var why } && isSo
                ? Finding.Warning("trunk", $"{what}: {PlainText.Of(why)}.", "It is tried last until it answers twice; see whether it runs, and whether what is between lets OPTIONS pass.")
                : Finding.Ok("trunk", $"{what}.");
        }
    }

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
