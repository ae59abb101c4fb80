using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventCalls.Contracts;

namespace EventCalls.Store.Keeping;

/// <summary>Takes out of a call's events who called and what was said about them, and leaves what happened.</summary>
/// <remarks>
/// Masked are: the caller's number wherever it stands, also as the name of a member; the values of all headers but those that only carry the message
/// (Via, To, Call-ID, CSeq, routes, content and capabilities); the state, the look-ups' keys and answers, what logic noted, caller ids, digits and the offered media; and what of all this stands in messages,
/// reasons that peers gave, and events of other applications. What stays: times, trunks, flows,
/// the dialled number, targets, outcomes and their evidence. A decision cannot be repeated afterwards.
/// </remarks>
public static class CallMask
{
    /// <summary>What stands where something was taken out.</summary>
    public const string Masked = "masked";

    private static readonly HashSet<string> s_kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "Via", "v", "Max-Forwards", "To", "t", "Call-ID", "i", "CSeq", "Record-Route", "Route", "Content-Type", "c", "Content-Length", "l", "Allow", "Supported", "k",
        "Require", "Accept", "User-Agent", "Server", "Session-Expires", "x", "Min-SE", "Date", "Privacy", "Allow-Events", "u",
    };

    private static readonly HashSet<string> s_headers = ["headers", "headersSent", "sipHeaders"];
    private static readonly HashSet<string> s_texts = ["callerNumber", "outboundCallerId", "callerId", "digit", "offeredMedia"];
    private static readonly HashSet<string> s_contents = ["state", "changes", "lookups", "log"];

    // What people or peers wrote; the reason of a handoff or a command is for machines, and is counted by.
    private static readonly HashSet<string> s_written = ["message", "asReceived", "referredBy", "warning"];

    // As the codec writes: what needs no escape in JSON is not escaped.
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A call after masking: its events' JSON, that of the late ones, that of <paramref name="beside"/>, and its row, as its stream says it now.</summary>
    /// <param name="stream">The call's events.</param>
    /// <param name="late">Those that came late.</param>
    /// <param name="beside">JSON that other applications keep beside events of theirs.</param>
    /// <param name="at">When it is done, UTC; the first event says so afterwards.</param>
    public static (byte[][] Events, byte[][] Late, byte[][] Beside, CallRow Row) Mask(
        IReadOnlyList<StoredEvent> stream, IReadOnlyList<LateEvent> late, IReadOnlyList<ReadOnlyMemory<byte>> beside, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(late);
        ArgumentNullException.ThrowIfNull(beside);
        // What other programs put into the stream is masked alike, but need not look alike.
        List<(string? Type, JsonNode? Json)> all =
        [
            .. stream.Select(e => ((string?)e.Type, JsonNode.Parse(e.Data.Span))),
            .. late.Select(e => ((string?)e.Type, JsonNode.Parse(e.Data.Span))),
            .. beside.Select(json => ((string?)null, JsonNode.Parse(json.Span))),
        ];
        string? caller = null;
        var words = new List<string>();
        foreach (var (type, json) in all)
        {
            if (!IsOurs(type) || json is not JsonObject e)
                continue;
            caller ??= NumberOf(e);
            Gather(e, words);
        }

        var secrets = new CallSecrets(caller, words);
        byte[][] after = [.. all.Select(item => BytesOf(MaskEvent(item.Type, item.Json, secrets, at)))];
        CallRow? row = null;
        for (int i = 0; i < stream.Count; i++)
            row = CallProjection.Apply(row, stream[i] with { Data = after[i] });
        return (after[..stream.Count], after[stream.Count..^beside.Count], after[^beside.Count..], row!);
    }

    /// <summary>A call's row as it is counted when it is erased: its target may be the caller.</summary>
    public static CallRow Counted(CallRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Target is null || row.MaskedAt is not null ? row : row with { Target = new CallSecrets(row.Caller).WithoutNumber(row.Target) };
    }

    private static bool IsOurs(string? type) => type is not null && CallEventNames.TypeOf(type) is not null;

    private static string? NumberOf(JsonObject e) => e["callerNumber"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static JsonNode? MaskEvent(string? type, JsonNode? json, CallSecrets secrets, DateTimeOffset at)
    {
        if (json is JsonObject e && IsOurs(type))
        {
            bool isStart = NumberOf(e) is not null;
            MaskMembers(e, secrets, isOurs: true);
            if (isStart)
                e["maskedAt"] = at;
            return e;
        }
        // Others may keep a list or a single text.
        var held = new JsonArray(json);
        MaskNode(held, secrets, isOurs: false, isWritten: true);
        return held[0];
    }

    /// <summary>What will be taken out, as far as it is text.</summary>
    private static void Gather(JsonObject o, List<string> words)
    {
        foreach (var (name, value) in o)
        {
            if (s_contents.Contains(name))
                GatherAll(value, words);
            else if (s_headers.Contains(name) && value is JsonArray headers)
                words.AddRange(headers.OfType<JsonObject>().Where(header => !IsKept(header)).Select(header => (string?)header["value"]).OfType<string>());
            else if (value is JsonObject inner)
                Gather(inner, words);
            else if (value is JsonArray items)
                items.OfType<JsonObject>().ToList().ForEach(item => Gather(item, words));
        }
    }

    private static void GatherAll(JsonNode? node, List<string> words)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (_, value) in o)
                    GatherAll(value, words);
                break;
            case JsonArray items:
                foreach (var item in items)
                    GatherAll(item, words);
                break;
            case JsonValue value when value.TryGetValue(out string? text):
                words.Add(text);
                break;
        }
    }

    private static void MaskMembers(JsonObject o, CallSecrets secrets, bool isOurs)
    {
        // The reason of an end or of a failure is a peer's Reason header.
        bool hasPeersReason = isOurs && (o.ContainsKey("endedBy") || o.ContainsKey("source"));
        bool isPeersEvidence = isOurs && (string?)(o["source"] as JsonValue) is not (null or "local" or "request");
        foreach (var (name, value) in o.Where(member => member.Value is not null).ToList())
        {
            if (s_texts.Contains(name))
                o[name] = Masked;
            else if (s_contents.Contains(name))
                MaskAll(value!, secrets);
            else if (s_headers.Contains(name) && value is JsonArray headers)
                MaskHeaders(headers, secrets, isOurs);
            else
                MaskNode(value!, secrets, isOurs, !isOurs || s_written.Contains(name) || (hasPeersReason && name == "reason") || (isPeersEvidence && name == "reasonPhrase"));
        }
        if (!isOurs)
            RenameMembers(o, secrets);
    }

    private static void MaskNode(JsonNode node, CallSecrets secrets, bool isOurs, bool isWritten)
    {
        switch (node)
        {
            case JsonObject o:
                MaskMembers(o, secrets, isOurs);
                break;
            case JsonArray items:
                foreach (var item in items.OfType<JsonNode>().ToList())
                    MaskNode(item, secrets, isOurs, isWritten);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                string text = value.GetValue<string>();
                string without = isWritten ? secrets.WithoutAny(text) : secrets.WithoutNumber(text);
                if (without != text)
                    node.ReplaceWith(without);
                break;
            case JsonValue when !isOurs && secrets.IsNumber(node):
                node.ReplaceWith(0);
                break;
        }
    }

    private static bool IsKept(JsonObject header) => s_kept.Contains((string?)header["name"] ?? "");

    private static void MaskHeaders(JsonArray headers, CallSecrets secrets, bool isOurs)
    {
        foreach (var header in headers.OfType<JsonObject>())
        {
            if (IsKept(header))
                MaskNode(header, secrets, isOurs, isWritten: false);
            else
                header["value"] = Masked;
        }
    }

    private static void MaskAll(JsonNode node, CallSecrets secrets)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var member in o.Select(m => m.Value).OfType<JsonNode>().ToList())
                    MaskAll(member, secrets);
                RenameMembers(o, secrets);
                break;
            case JsonArray items:
                foreach (var item in items.OfType<JsonNode>().ToList())
                    MaskAll(item, secrets);
                break;
            default:
                node.ReplaceWith(Masked);
                break;
        }
    }

    /// <summary>Takes what is secret out of the names of members: they may be keys that somebody chose.</summary>
    private static void RenameMembers(JsonObject o, CallSecrets secrets)
    {
        if (!o.Any(member => secrets.WithoutAny(member.Key) != member.Key))
            return;
        var members = o.ToList();
        o.Clear();
        foreach (var (name, value) in members)
        {
            string free = secrets.WithoutAny(name);
            for (int n = 2; o.ContainsKey(free); n++)
                free = $"{secrets.WithoutAny(name)}_{n}";
            o.Add(free, value);
        }
    }

    private static byte[] BytesOf(JsonNode? json)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_writing))
        {
            if (json is null)
                writer.WriteNullValue();
            else
                json.WriteTo(writer);
        }
        return bytes.ToArray();
    }
}
