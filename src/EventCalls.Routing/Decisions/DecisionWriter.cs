using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>Writes the steps of a decision.</summary>
internal static class DecisionWriter
{
    public static void Step(Utf8JsonWriter writer, Contracts.Handoff step, string? reason = null)
    {
        writer.WriteStartObject();
        if (reason is not null)
            writer.WriteString("reason", reason);
        Method(writer, step);
        writer.WriteEndObject();
    }

    public static void Named(Utf8JsonWriter writer, NamedHandoff named, string? reason)
    {
        writer.WriteStartObject();
        if (named.Destination is not null)
            writer.WriteString("type", named.Destination);
        if (reason is not null)
            writer.WriteString("reason", reason);
        if (named.Route is not null)
            writer.WriteString("route", named.Route);
        if (named.Headers.Count > 0)
        {
            writer.WriteStartObject("sip_headers");
            Headers(writer, named.Headers);
            writer.WriteEndObject();
        }

        if (named.Prompt is not null)
            writer.WriteString("utterance", named.Prompt);
        if (named.Given is { } given)
            Method(writer, given);
        writer.WriteEndObject();
    }

    private static void Method(Utf8JsonWriter writer, Contracts.Handoff step)
    {
        writer.WriteStartObject(WireName.Of(step.Method));
        foreach (var field in HandoffFields.All)
        {
            switch (field.Of(step))
            {
                case string text:
                    writer.WriteString(field.Name, text);
                    break;
                case int number:
                    writer.WriteNumber(field.Name, number);
                    break;
                case bool flag:
                    writer.WriteBoolean(field.Name, flag);
                    break;
                case IReadOnlyList<string> texts:
                    writer.WriteStartArray(field.Name);
                    foreach (string text in texts)
                        writer.WriteStringValue(text);
                    writer.WriteEndArray();
                    break;
                case IReadOnlyList<SipHeader> { Count: > 0 } headers:
                    writer.WriteStartObject(field.Name);
                    Headers(writer, headers);
                    writer.WriteEndObject();
                    break;
            }
        }
        writer.WriteEndObject();
    }

    // A header given twice becomes an array, at the place of its first value.
    private static void Headers(Utf8JsonWriter writer, IReadOnlyList<SipHeader> headers)
    {
        foreach (var group in headers.GroupBy(h => h.Name, StringComparer.OrdinalIgnoreCase))
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
    }
}
