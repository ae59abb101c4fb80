using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>Writes the steps of a decision.</summary>
internal static class DecisionWriter
{
    public static void Step(Utf8JsonWriter writer, Contracts.Handoff step)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(WireName.Of(step.Method));
        Text(writer, "phone_number", step.PhoneNumber);
        Text(writer, "refer_to", step.ReferTo);
        if (step.Contacts is not null)
        {
            writer.WriteStartArray("contacts");
            foreach (string contact in step.Contacts)
                writer.WriteStringValue(contact);
            writer.WriteEndArray();
        }

        Text(writer, "outbound_caller_id", step.OutboundCallerId);
        Text(writer, "outbound_endpoint", step.OutboundEndpoint);
        Number(writer, "ring_timeout", step.RingTimeoutSeconds);
        Number(writer, "notify_timeout", step.NotifyTimeoutSeconds);
        Number(writer, "status", step.Status);
        Text(writer, "reason", step.Reason);
        if (step.SipHeaders.Count > 0)
            Headers(writer, step);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // A header given twice becomes an array, at the place of its first value.
    private static void Headers(Utf8JsonWriter writer, Contracts.Handoff step)
    {
        writer.WriteStartObject("sip_headers");
        foreach (var group in step.SipHeaders.GroupBy(h => h.Name, StringComparer.OrdinalIgnoreCase))
        {
            var values = group.ToList();
            writer.WritePropertyName(group.Key);
            if (values.Count == 1)
            {
                writer.WriteStringValue(values[0].Value);
                continue;
            }

            writer.WriteStartArray();
            foreach (var header in values)
                writer.WriteStringValue(header.Value);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }
}
