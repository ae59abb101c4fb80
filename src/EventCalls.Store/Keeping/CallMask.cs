using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventCalls.Store.Keeping;

/// <summary>Takes out of a call's events who called and what was said about them, and leaves what happened.</summary>
/// <remarks>
/// Masked are: the caller's number wherever it stands; the values of all headers but those that only carry the message
/// (Via, To, Call-ID, CSeq, routes, content and capabilities); the state, the look-ups' keys and answers, caller ids, digits and the offered media. What stays: times, trunks, flows,
/// the dialled number, targets, outcomes and their evidence. A decision cannot be repeated afterwards.
/// </remarks>
public static class CallMask
{
    /// <summary>What stands where something was taken out.</summary>
    public const string Masked = "masked";

    // A shorter number is an extension, and its digits are in other texts by chance.
    private const int FewestDigits = 5;

    private static readonly HashSet<string> s_kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "Via", "v", "Max-Forwards", "To", "t", "Call-ID", "i", "CSeq", "Record-Route", "Route", "Content-Type", "c", "Content-Length", "l", "Allow", "Supported", "k",
        "Require", "Accept", "User-Agent", "Server", "Session-Expires", "x", "Min-SE", "Date", "Privacy", "Allow-Events", "u",
    };

    private static readonly HashSet<string> s_headers = ["headers", "headersSent", "sipHeaders"];
    private static readonly HashSet<string> s_texts = ["callerNumber", "outboundCallerId", "callerId", "digit", "offeredMedia"];
    private static readonly HashSet<string> s_contents = ["state", "changes", "lookups"];

    // As the codec writes: what needs no escape in JSON is not escaped.
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A call after masking: its events' JSON, that of the late ones, and its row, as its stream says it now.</summary>
    public static (byte[][] Events, byte[][] Late, CallRow Row) Mask(IReadOnlyList<StoredEvent> stream, IReadOnlyList<LateEvent> late, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(late);
        byte[][] all = [.. Mask([.. stream.Select(e => e.Data), .. late.Select(e => e.Data)], at)];
        CallRow? row = null;
        for (int i = 0; i < stream.Count; i++)
            row = CallProjection.Apply(row, stream[i] with { Data = all[i] });
        return (all[..stream.Count], all[stream.Count..], row!);
    }

    /// <summary>The JSON of a call's events after masking, in their order.</summary>
    /// <param name="stream">The call's events, and those that came late.</param>
    /// <param name="at">When it is done, UTC; the first event says so afterwards.</param>
    private static IEnumerable<byte[]> Mask(IReadOnlyList<ReadOnlyMemory<byte>> stream, DateTimeOffset at)
    {
        string? caller = null;
        foreach (var data in stream)
        {
            // What other programs put into the stream is masked alike, but need not look alike.
            if (JsonNode.Parse(data.Span) is not JsonObject e)
            {
                yield return data.ToArray();
                continue;
            }
            string? number = e["callerNumber"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
            caller ??= number is null ? null : DigitsOf(number);
            MaskMembers(e, caller);
            if (number is not null)
                e["maskedAt"] = at;
            yield return BytesOf(e);
        }
    }

    private static void MaskMembers(JsonObject o, string? caller)
    {
        foreach (var (name, value) in o.Where(member => member.Value is not null).ToList())
        {
            if (s_texts.Contains(name))
                o[name] = Masked;
            else if (s_contents.Contains(name))
                MaskAll(value!);
            else if (s_headers.Contains(name) && value is JsonArray headers)
                MaskHeaders(headers, caller);
            else
                MaskNode(value!, caller);
        }
    }

    private static void MaskNode(JsonNode node, string? caller)
    {
        switch (node)
        {
            case JsonObject o:
                MaskMembers(o, caller);
                break;
            case JsonArray items:
                foreach (var item in items.OfType<JsonNode>().ToList())
                    MaskNode(item, caller);
                break;
            default:
                if (caller is not null && node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is var text && text.Contains(caller, StringComparison.Ordinal))
                    node.ReplaceWith(text.Replace(caller, Masked, StringComparison.Ordinal));
                break;
        }
    }

    private static void MaskHeaders(JsonArray headers, string? caller)
    {
        foreach (var header in headers.OfType<JsonObject>())
        {
            if (s_kept.Contains((string?)header["name"] ?? ""))
                MaskNode(header, caller);
            else
                header["value"] = Masked;
        }
    }

    private static void MaskAll(JsonNode node)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var member in o.Select(m => m.Value).OfType<JsonNode>().ToList())
                    MaskAll(member);
                break;
            case JsonArray items:
                foreach (var item in items.OfType<JsonNode>().ToList())
                    MaskAll(item);
                break;
            default:
                node.ReplaceWith(Masked);
                break;
        }
    }

    // Numbers are written in several ways, and a country's own is the end of the international one: the digits are what they share.
    private static string? DigitsOf(string number)
    {
        string digits = string.Concat(number.Where(char.IsAsciiDigit));
        return digits.Length < FewestDigits ? null : digits;
    }

    private static byte[] BytesOf(JsonObject e)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_writing))
            e.WriteTo(writer);
        return bytes.ToArray();
    }
}
