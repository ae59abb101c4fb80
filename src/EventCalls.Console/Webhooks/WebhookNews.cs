using System.Collections.Frozen;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Nightly;
using EventCalls.Store;
using EventCalls.Store.Notifying;

namespace EventCalls.Console.Webhooks;

/// <summary>What is told and is no event of a call: that a run of a node was lost, that a server of a trunk went down or came up, what came of deciding a day's calls again.</summary>
/// <param name="Id">Its id: one for each time that it happened.</param>
/// <param name="Type">Its name.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Data">The JSON that is sent.</param>
internal sealed record WebhookNews(Guid Id, string Type, DateTimeOffset At, string Data)
{
    /// <summary>The names it may have.</summary>
    public static readonly FrozenSet<string> Types = WebhookOptions.KnownBesides.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>All that is kept of a node, in order.</summary>
    public static IEnumerable<WebhookNews> Of(NodeStatus node)
    {
        if (node.Lost is { } run)
            yield return Lost(node.Heartbeat.Node, run);
        foreach (var e in node.Heartbeat.Report?.TrunkEvents ?? [])
            yield return Trunk(e);
    }

    /// <summary>The verdict on a day's calls.</summary>
    public static WebhookNews Of(ProofRecord nightly)
    {
        var result = NightlyResult.Read(nightly);
        string type = result.NotSame > 0 ? WebhookOptions.NightlyNotSame : WebhookOptions.NightlySame;
        return new(EventIds.Derive(Guid.Empty, $"nightly {nightly.Number} {nightly.At.UtcTicks}"), type, nightly.At, JsonSerializer.Serialize(new NightlyNotice(type, nightly.At, result), WebhookJson.Default.NightlyNotice));
    }

    // Of the run that is lost, and of none that came after it.
    private static WebhookNews Lost(string node, LostRun run) => new(
        EventIds.Derive(Guid.Empty, $"{WebhookOptions.NodeLost} {run.HeardAt.UtcTicks} {node}"),
        WebhookOptions.NodeLost,
        run.HeardAt,
        JsonSerializer.Serialize(new NodeNotice(WebhookOptions.NodeLost, run.HeardAt, new NodeNoticeData(node, run.RunningSince, run.HeardAt)), WebhookJson.Default.NodeNotice));

    private static WebhookNews Trunk(TrunkEvent e) => new(
        e.EventId, e.TypeName, e.OccurredAt, JsonSerializer.Serialize(new TrunkNotice(e.TypeName, e.OccurredAt, new TrunkEventObject(e)), WebhookJson.Default.TrunkNotice));
}

/// <summary>What is told of a node.</summary>
internal sealed record NodeNotice(string Type, DateTimeOffset Timestamp, NodeNoticeData Data);

/// <summary>The node, since when the run that was lost had run, and when that was last heard of.</summary>
internal sealed record NodeNoticeData(string Node, DateTimeOffset RunningSince, DateTimeOffset HeardAt);

/// <summary>What is told of a trunk's server.</summary>
internal sealed record TrunkNotice(string Type, DateTimeOffset Timestamp, TrunkEventObject Data);

/// <summary>What is told of a day's calls that were decided again.</summary>
internal sealed record NightlyNotice(string Type, DateTimeOffset Timestamp, NightlyResult Data);
