using System.Text;
using System.Text.Json.Nodes;
using EventCalls.Store;

namespace EventCalls.Replay.Histories;

/// <summary>Puts tokens in place of who called, the same ones for the same number or text throughout, so that a decision comes out as it did where the logic looks at no more than how a number begins.</summary>
/// <remarks>
/// Replaced are the caller's number and every other number of six digits or more in headers, state and look-ups, but for the number dialled and those that calls were handed to, which are the
/// operator's own and stand in the logic; names beside addresses; the values of headers that are not kept; SIP Call-IDs; and addresses that INVITEs came from.
/// Times, ids, trunks, flows, targets and outcomes stay.
/// </remarks>
public sealed class Anonymizer
{
    private const int LeastKey = 16;

    private readonly Tokens _tokens;
    private readonly HashSet<string> _kept;
    private readonly bool _keepsAll;

    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">The key is too short, or the number of digits is not from 0 to 15.</exception>
    public Anonymizer(AnonymizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Key.Length < LeastKey)
            throw new ArgumentException($"The key has {options.Key.Length} bytes; give {LeastKey} or more.", nameof(options));
        if (options.KeptDigits is < 0 or > 15)
            throw new ArgumentException($"{options.KeptDigits} digits cannot be kept; give 0 to 15.", nameof(options));
        _tokens = new Tokens(options.Key.ToArray(), options.KeptDigits);
        _keepsAll = options.KeptHeaders.Contains("*");
        _kept = [.. options.KeptHeaders.Select(h => h.ToUpperInvariant())];
    }

    /// <summary>The call with tokens in it.</summary>
    public CallHistory Anonymize(CallHistory call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var row = call.Call;
        var events = call.Events.Select(e => (Event: e, Json: Parse(e))).ToList();
        var words = new CallWords(_tokens, OwnNumbers(row, events.Select(e => e.Json)));
        words.AddNumber(row.Caller);
        words.AddToken(row.SipCallId, "call-");
        // All that is secret is known before the first text is replaced: a state may hold what a later event's header says.
        foreach (var (_, json) in events)
        {
            if (json?["headers"] is JsonArray headers)
                Headers(headers, words);
        }
        CallRow anonymous = row with { Caller = words.Replace(row.Caller), SipCallId = words.Replace(row.SipCallId), Target = row.Target is { } target ? words.Replace(target) : null };
        return new CallHistory(anonymous, [.. events.Select(e => e.Json is { } json ? e.Event with { Data = Replaced(json, words) } : e.Event with { Data = "{}"u8.ToArray() })]);
    }

    private void Headers(JsonArray headers, CallWords words)
    {
        foreach (var header in headers.OfType<JsonObject>())
        {
            if ((string?)header["name"] is not { } name || (string?)header["value"] is not { } value)
                continue;
            if (HeaderPolicy.IsAddress(name))
                words.AddNames(value);
            else if (!_keepsAll && !_kept.Contains(name.ToUpperInvariant()) && !HeaderPolicy.IsOfTheMessage(name))
                words.AddToken(value, "t-");
        }
    }

    private static JsonObject? Parse(StoredEvent e)
    {
        try
        {
            return JsonNode.Parse(e.Data.Span) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            // What cannot be read cannot be cleared of anything; it stays unreadable.
            return null;
        }
    }

    // Where calls were sent and what was dialled: the operator's numbers, which stand in the logic.
    private static HashSet<string> OwnNumbers(CallRow row, IEnumerable<JsonObject?> events)
    {
        var own = new HashSet<string>(StringComparer.Ordinal) { Tokens.DigitsOf(row.Callee) };
        foreach (var step in events.Select(e => e?["steps"]).OfType<JsonArray>().SelectMany(steps => steps.OfType<JsonObject>()))
        {
            foreach (string member in (string[])["phoneNumber", "referTo"])
            {
                if ((string?)step[member] is { } target)
                    own.UnionWith(Tokens.NumbersIn(target));
            }
            foreach (var contact in step["contacts"] is JsonArray contacts ? contacts.OfType<JsonValue>() : [])
                own.UnionWith(Tokens.NumbersIn((string?)contact ?? ""));
        }
        own.Remove(Tokens.DigitsOf(row.Caller));
        own.Remove("");
        return own;
    }

    private byte[] Replaced(JsonObject json, CallWords words)
    {
        if ((string?)json["remoteEndPoint"] is { } remote)
            json["remoteEndPoint"] = _tokens.EndPoint(remote);
        json.Remove("identity");
        Replace(json, words);
        return Encoding.UTF8.GetBytes(json.ToJsonString(HistoryFormat.Json.Options));
    }

    private static void Replace(JsonNode node, CallWords words)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.ToList())
                {
                    if (value is null || HeaderPolicy.IsOurs(name))
                        continue;
                    if (name == "headers" && value is JsonArray headers)
                        ReplaceHeaders(headers, words);
                    else
                        Replace(value, words);
                }
                break;
            case JsonArray items:
                foreach (var item in items.OfType<JsonNode>().ToList())
                    Replace(item, words);
                break;
            case JsonValue value when value.TryGetValue(out string? text):
                string other = words.Replace(text);
                if (other != text)
                    node.ReplaceWith(other);
                break;
            case JsonValue value when value.TryGetValue(out long number) && words.Replace(number.ToString(System.Globalization.CultureInfo.InvariantCulture)) is var digits && long.TryParse(digits, out long token) && token != number:
                node.ReplaceWith(token);
                break;
        }
    }

    private static void ReplaceHeaders(JsonArray headers, CallWords words)
    {
        foreach (var header in headers.OfType<JsonObject>())
        {
            if ((string?)header["name"] is { } name && (string?)header["value"] is { } value)
                header["value"] = HeaderPolicy.IsRoute(name) ? "SIP/2.0/UDP 192.0.2.1" : words.Replace(value);
        }
    }
}
