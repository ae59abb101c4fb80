using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Calls;

/// <summary>Calls and their events as JSON; the names are a promise to whoever reads them (docs/command-line.md).</summary>
internal static class CallJson
{
    /// <summary>The members of a call.</summary>
    public static void WriteCall(Utf8JsonWriter writer, CallRow call)
    {
        writer.WriteString("callId", call.CallId);
        writer.WriteString("sipCallId", call.SipCallId);
        writer.WriteString("startedAt", call.StartedAt.UtcDateTime);
        if (call.EndedAt is { } ended)
            writer.WriteString("endedAt", ended.UtcDateTime);
        else
            writer.WriteNull("endedAt");
        writer.WriteString("caller", call.Caller);
        writer.WriteString("callee", call.Callee);
        writer.WriteString("trunk", call.Trunk);
        writer.WriteString("flow", call.Flow);
        writer.WriteString("handoff", WireName.Of(call.Handoff));
        writer.WriteString("target", call.Target);
        writer.WriteString("outcome", WireName.Of(call.Outcome));
        writer.WriteNumber("attempts", call.Attempts);
        writer.WriteString("logicVersion", call.LogicVersion);
    }

    /// <summary>The member <c>events</c>.</summary>
    public static void WriteEvents(Utf8JsonWriter writer, IReadOnlyList<StoredEvent> events)
    {
        writer.WriteStartArray("events");
        foreach (var e in events)
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", e.Version);
            writer.WriteString("eventId", e.EventId);
            writer.WriteString("type", e.Type);
            writer.WriteString("causationId", e.CausationId);
            writer.WriteString("occurredAt", e.OccurredAt.UtcDateTime);
            writer.WritePropertyName("data");
            WriteData(writer, e.Data);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteData(Utf8JsonWriter writer, ReadOnlyMemory<byte> data)
    {
        // As stored, but never with a line feed of its own: each object is one line.
        if (data.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            writer.WriteRawValue(data.Span);
            return;
        }
        using var document = JsonDocument.Parse(data);
        document.WriteTo(writer);
    }
}
