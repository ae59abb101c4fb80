using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>
/// The JSON form of decisions: <c>{"flow": "…", "state": {…}, "handoff": {"invite": {…}}, "fallbacks": [{"refer": {…}}]}</c>,
/// <c>{"handoff": {"type": "support", "reason": "vip"}}</c> for a configured destination, or <c>{"hangup": true}</c>,
/// as the HTTP API takes it and a webhook answers it.
/// </summary>
/// <remarks>Reading is strict: an unknown, repeated or wrongly typed field is an error that names it. What the values may be is checked by <see cref="DecisionValidation"/>.</remarks>
public static class DecisionJson
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 32, AllowDuplicateProperties = false };
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions s_indented = s_compact with { Indented = true };

    /// <summary>Reads a decision from UTF-8 JSON.</summary>
    /// <param name="utf8">The JSON; not kept.</param>
    /// <param name="document">The decision; null on an error.</param>
    /// <param name="error">What is wrong, beginning with the field; null when nothing is.</param>
    /// <param name="speech">What is done with what is to be spoken.</param>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, out DecisionDocument? document, out string? error, SpeechUse speech = SpeechUse.Refuse)
    {
        document = null;
        try
        {
            error = KeptJson.Problem(utf8.Span, s_options.MaxDepth);
            if (error is not null)
                return false;
            using var json = JsonDocument.Parse(utf8, s_options);
            document = new DecisionReader(speech: speech).Document(json.RootElement);
            error = null;
            return true;
        }
        catch (JsonException e)
        {
            error = $"The decision is no valid JSON: {e.Message}";
        }
        catch (DecisionFormatException e)
        {
            error = e.Message;
        }

        return false;
    }

    /// <summary>Reads a decision from text.</summary>
    public static bool TryRead(string json, out DecisionDocument? document, out string? error, SpeechUse speech = SpeechUse.Refuse) =>
        TryRead(Encoding.UTF8.GetBytes(json), out document, out error, speech);

    /// <summary>Reads a decision that is already parsed, of JSON that can be kept (<see cref="KeptJson"/>).</summary>
    public static bool TryRead(JsonElement json, out DecisionDocument? document, out string? error, SpeechUse speech = SpeechUse.Refuse)
    {
        document = null;
        try
        {
            document = new DecisionReader(speech: speech).Document(json);
            error = null;
            return true;
        }
        catch (DecisionFormatException e)
        {
            error = e.Message;
            return false;
        }
    }

    /// <summary>Writes a decision as text.</summary>
    public static string Write(DecisionDocument document, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, indented ? s_indented : s_compact))
            Write(writer, document);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a decision as one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, DecisionDocument document)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(document);
        writer.WriteStartObject();
        if (document.Flow is not null)
            writer.WriteString("flow", document.Flow);
        if (document.State is not null)
        {
            writer.WriteStartObject("state");
            foreach (var (key, value) in document.State)
            {
                writer.WritePropertyName(key);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        if (document.Named is { } named)
        {
            writer.WritePropertyName("handoff");
            DecisionWriter.Named(writer, named, document.Reason);
        }
        else if (document.Steps.Count > 0)
        {
            writer.WritePropertyName("handoff");
            DecisionWriter.Step(writer, document.Steps[0], document.Reason);
        }

        var fallbacks = document.Named?.Fallbacks ?? [.. document.Steps.Skip(1)];
        if (fallbacks.Count > 0)
        {
            writer.WriteStartArray("fallbacks");
            foreach (var step in fallbacks)
                DecisionWriter.Step(writer, step);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
