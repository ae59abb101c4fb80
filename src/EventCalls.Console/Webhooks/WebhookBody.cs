using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;
using EventCalls.Store.Notifying;

namespace EventCalls.Console.Webhooks;

/// <summary>What is sent: the event as <c>calls show --json</c> has it, and the call as <c>calls list --json</c> has it at that event.</summary>
internal static class WebhookBody
{
    /// <summary>The JSON of a delivery; null when the call is not there any more.</summary>
    /// <exception cref="DamagedEventException">A stored event cannot be read.</exception>
    /// <exception cref="NotSupportedException">A newer version stored the event.</exception>
    public static async Task<byte[]?> OfAsync(ICallStore store, OwedDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.CallId is not { } id)
            return delivery.Data is { } data ? System.Text.Encoding.UTF8.GetBytes(data) : null;
        CallRow? row = null;
        StoredEvent? told = null;
        foreach (var e in (await store.ReadStreamAsync(id, cancellationToken).ConfigureAwait(false)).TakeWhile(e => e.Version <= delivery.Version))
            row = CallProjection.Apply(row, told = e);
        return told is not null && told.EventId == delivery.Id
            ? JsonSerializer.SerializeToUtf8Bytes(new EventNotice(told.Type, told.OccurredAt, new EventNoticeData(new ListedEvent(told), new ListedCall(row!))), WebhookJson.Default.EventNotice)
            : null;
    }

    /// <summary>The JSON of what is told of a node that was lost.</summary>
    public static string OfLost(NodeStatus node) => JsonSerializer.Serialize(
        new NodeNotice(WebhookOptions.NodeLost, node.ReceivedAt, new NodeNoticeData(node.Heartbeat.Node, node.Heartbeat.RunningSince, node.ReceivedAt)), WebhookJson.Default.NodeNotice);

    /// <summary>The id of what is told of a node that was lost: one for each time it fell silent.</summary>
    public static Guid IdOfLost(NodeStatus node) => EventIds.Derive(Guid.Empty, $"{WebhookOptions.NodeLost} {node.ReceivedAt.UtcTicks} {node.Heartbeat.Node}");
}

/// <summary>What is told of a call.</summary>
internal sealed record EventNotice(string Type, DateTimeOffset Timestamp, EventNoticeData Data);

/// <summary>The event, and the call as it was then.</summary>
internal sealed record EventNoticeData(ListedEvent Event, ListedCall Call);

/// <summary>What is told of a node.</summary>
internal sealed record NodeNotice(string Type, DateTimeOffset Timestamp, NodeNoticeData Data);

/// <summary>The node, since when it ran and when it was last heard of.</summary>
internal sealed record NodeNoticeData(string Node, DateTimeOffset RunningSince, DateTimeOffset HeardAt);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InUtc)])]
[JsonSerializable(typeof(EventNotice))]
[JsonSerializable(typeof(NodeNotice))]
internal sealed partial class WebhookJson : JsonSerializerContext;
