using System.Text.Json;
using System.Text.Json.Serialization;
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
}

/// <summary>What is told of a call.</summary>
internal sealed record EventNotice(string Type, DateTimeOffset Timestamp, EventNoticeData Data);

/// <summary>The event, and the call as it was then.</summary>
internal sealed record EventNoticeData(ListedEvent Event, ListedCall Call);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InUtc)])]
[JsonSerializable(typeof(EventNotice))]
[JsonSerializable(typeof(NodeNotice))]
[JsonSerializable(typeof(TrunkNotice))]
[JsonSerializable(typeof(NightlyNotice))]
internal sealed partial class WebhookJson : JsonSerializerContext;
