using System.Text;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Store.Recording;

/// <summary>The events of a batch, and the first line that is none.</summary>
internal sealed record EventBatchReading(List<EventToAppend> Events, UnreadableEventException? Unreadable)
{
    public static EventBatchReading Of(CallEventBatch batch)
    {
        var events = new List<EventToAppend>(batch.Count is > 0 and < 10_000 ? batch.Count : 16);
        var known = batch.Events?.Count == batch.Count ? batch.Events : null;
        UnreadableEventException? unreadable = null;
        ReadOnlyMemory<byte> rest = batch.Payload;
        for (int line = 1; !rest.IsEmpty; line++)
        {
            try
            {
                CallEventCodec.TryReadLine(ref rest, out var name, out var data);
                events.Add(known is null ? EventToAppend.Read(name, data) : EventToAppend.Of(known[events.Count], data));
            }
            catch (Exception e) when (e is FormatException or JsonException or NotSupportedException or DecoderFallbackException)
            {
                unreadable ??= new UnreadableEventException(batch.Source, line, e.Message, e);
            }
        }
        if (unreadable is null && events.Count != batch.Count)
            unreadable = new UnreadableEventException(batch.Source, events.Count + 1, $"the batch says it holds {batch.Count} events and holds {events.Count}.");
        return new EventBatchReading(events, unreadable);
    }
}
