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

    /// <summary>The JSON of what is told of a node that was lost: of the run that is, and of none that came after it.</summary>
    public static string OfLost(LostNode lost) => JsonSerializer.Serialize(
        new NodeNotice(WebhookOptions.NodeLost, lost.Run.HeardAt, new NodeNoticeData(lost.Node, lost.Run.RunningSince, lost.Run.HeardAt)), WebhookJson.Default.NodeNotice);

    /// <summary>The id of what is told of a node that was lost: one for each time it fell silent.</summary>
    public static Guid IdOfLost(LostNode lost) => EventIds.Derive(Guid.Empty, $"{WebhookOptions.NodeLost} {lost.Run.HeardAt.UtcTicks} {lost.Node}");
}

/// <summary>A node that was lost, with the run that is.</summary>
internal readonly record struct LostNode(string Node, LostRun Run);

/// <summary>What is told of a call.</summary>
internal sealed record EventNotice(string Type, DateTimeOffset Timestamp, EventNoticeData Data);

/// <summary>The event, and the call as it was then.</summary>
internal sealed record EventNoticeData(ListedEvent Event, ListedCall Call);

/// <summary>What is told of a node.</summary>
internal sealed record NodeNotice(string Type, DateTimeOffset Timestamp, NodeNoticeData Data);

/// <summary>The node, since when the run that was lost had run, and when that was last heard of.</summary>
internal sealed record NodeNoticeData(string Node, DateTimeOffset RunningSince, DateTimeOffset HeardAt);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InUtc)])]
[JsonSerializable(typeof(EventNotice))]
[JsonSerializable(typeof(NodeNotice))]
internal sealed partial class WebhookJson : JsonSerializerContext;
