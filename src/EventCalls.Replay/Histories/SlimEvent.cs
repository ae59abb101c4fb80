using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventCalls.Replay.Histories;

/// <summary>An event with what deciding again looks at, and nothing else: less to keep, to read, and to give away.</summary>
internal static class SlimEvent
{
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Those that are read member by member; of the rest whole events are read.
    private static readonly Dictionary<string, HashSet<string>> s_members = new(StringComparer.Ordinal)
    {
        ["call_started"] = ["eventId", "callId", "occurredAt", "node", "trunk", "transport", "remoteEndPoint", "sipCallId", "requestUri", "callerNumber", "calleeNumber", "headers", "identity"],
        ["flow_selected"] = ["eventId", "callId", "causationId", "occurredAt", "flow", "state", "logicVersion", "decidedBy", "decidesRefers", "inputs"],
        ["handoff_requested"] = ["eventId", "callId", "causationId", "occurredAt", "node", "handoffId", "steps", "reason", "requestedBy"],
        ["transfer_started"] = ["eventId", "callId", "causationId", "occurredAt", "handoffId", "attempt", "method", "target", "trunk"],
        ["transfer_completed"] = ["handoffId", "attempt", "outcome", "postDialDelayMs"],
    };

    /// <summary>Writes its JSON on one line.</summary>
    public static void Write(Stream output, string type, ReadOnlyMemory<byte> json)
    {
        if (!s_members.TryGetValue(type, out var members) || !TryRead(json, out var document))
        {
            output.Write(OneLine(json));
            return;
        }
        using (document)
        using (var writer = new Utf8JsonWriter(output, s_writing))
        {
            writer.WriteStartObject();
            foreach (var member in document!.RootElement.EnumerateObject())
            {
                if (members.Contains(member.Name))
                    member.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
    }

    // What is no JSON object stays as it is, for the replay to say so.
    private static bool TryRead(ReadOnlyMemory<byte> json, out JsonDocument? document)
    {
        try
        {
            document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return true;
            document.Dispose();
        }
        catch (JsonException)
        {
            document = null;
        }
        return false;
    }

    // PostgreSQL may put line ends between members; inside of a text JSON has none.
    private static ReadOnlySpan<byte> OneLine(ReadOnlyMemory<byte> json)
    {
        if (!json.Span.ContainsAny((byte)'\n', (byte)'\r'))
            return json.Span;
        byte[] line = json.ToArray();
        foreach (ref byte b in line.AsSpan())
        {
            if (b is (byte)'\n' or (byte)'\r')
                b = (byte)' ';
        }
        return line;
    }
}
