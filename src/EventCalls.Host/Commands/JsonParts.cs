using System.Text.Json;
using EventCalls.Routing;

namespace EventCalls.Host.Commands;

/// <summary>Members that stand alike in the JSON of several commands.</summary>
internal static class JsonParts
{
    /// <summary>A list of texts.</summary>
    public static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    /// <summary>What a decision read on its way, as <c>reads</c>; an empty list when that is not known.</summary>
    public static void WriteReads(Utf8JsonWriter writer, IReadOnlyList<ConversationRead>? reads)
    {
        writer.WriteStartArray("reads");
        foreach (var read in reads ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("what", read.What);
            writer.WriteString("value", read.Value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
