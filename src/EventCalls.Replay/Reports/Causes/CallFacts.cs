using System.Collections.Frozen;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Contracts.Reading;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Counting;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>What a sampled call is compared by; small, so that many can be kept.</summary>
internal sealed record CallFacts
{
    private const int MostHeaders = 48;
    private const int MostState = 48;
    private const int MostText = 96;

    /// <summary>When the call started, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The caller's number; empty when withheld.</summary>
    public required string Caller { get; init; }

    /// <summary>The dialled number.</summary>
    public required string Callee { get; init; }

    /// <summary>The trunk.</summary>
    public required string Trunk { get; init; }

    /// <summary>The flow of the decision as recorded.</summary>
    public required string OldFlow { get; init; }

    /// <summary>The first target of the decision as recorded.</summary>
    public required string OldTarget { get; init; }

    /// <summary>What came of the handoff before this decision; empty for a call's first decision.</summary>
    public required string After { get; init; }

    /// <summary>Whether the configured default had been taken.</summary>
    public required bool MatchedNothing { get; init; }

    /// <summary>Header fields that are not different for each call anyway.</summary>
    public required KeyValuePair<string, string>[] Headers { get; init; }

    /// <summary>The state that was recorded with the decision.</summary>
    public required KeyValuePair<string, string>[] State { get; init; }

    /// <summary>The facts of a call at one of its decisions, before which a handoff may have failed.</summary>
    public static CallFacts Of(ReplayedCall call, ReplayedDecision decision, string oldTarget, string after, TextPool pool) => new()
    {
        StartedAt = call.Started.OccurredAt,
        Caller = pool.Of(ForeignText.Cut(call.Started.CallerNumber, MostText)),
        Callee = pool.Of(ForeignText.Cut(call.Started.CalleeNumber, MostText)),
        Trunk = pool.Of(ForeignText.Cut(call.Started.Trunk, MostText)),
        OldFlow = pool.Of(ForeignText.Cut(decision.Was.Flow)),
        OldTarget = oldTarget,
        After = after,
        MatchedNothing = decision.Was.ByDefault,
        Headers = [.. ComparedHeaders.Of(call.Started.Headers).Take(MostHeaders)
            .Select(h => KeyValuePair.Create(pool.Of(ForeignText.Cut(ComparedHeaders.Canonical(h.Name), MostText)), pool.Of(ForeignText.Cut(h.Value, MostText))))],
        State = [.. decision.Was.State.OrderBy(s => s.Key, StringComparer.Ordinal).Take(MostState)
            .Select(s => KeyValuePair.Create(pool.Of(ForeignText.Cut(s.Key, MostText)), pool.Of(ForeignText.Cut(Text(s.Value), MostText))))],
    };

    public void Save(BinaryWriter writer)
    {
        writer.Write(StartedAt.UtcTicks);
        writer.Write(Caller);
        writer.Write(Callee);
        writer.Write(Trunk);
        writer.Write(OldFlow);
        writer.Write(OldTarget);
        writer.Write(After);
        writer.Write(MatchedNothing);
        Save(writer, Headers);
        Save(writer, State);
    }

    public static CallFacts Load(BinaryReader reader, TextPool pool) => new()
    {
        StartedAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
        Caller = pool.Of(reader.ReadString()),
        Callee = pool.Of(reader.ReadString()),
        Trunk = pool.Of(reader.ReadString()),
        OldFlow = pool.Of(reader.ReadString()),
        OldTarget = pool.Of(reader.ReadString()),
        After = pool.Of(reader.ReadString()),
        MatchedNothing = reader.ReadBoolean(),
        Headers = LoadPairs(reader, pool, MostHeaders),
        State = LoadPairs(reader, pool, MostState),
    };

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static void Save(BinaryWriter writer, KeyValuePair<string, string>[] pairs)
    {
        writer.Write(pairs.Length);
        foreach (var (name, value) in pairs)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static KeyValuePair<string, string>[] LoadPairs(BinaryReader reader, TextPool pool, int most)
    {
        var pairs = new KeyValuePair<string, string>[reader.ReadCount(most)];
        for (int i = 0; i < pairs.Length; i++)
            pairs[i] = KeyValuePair.Create(pool.Of(reader.ReadString()), pool.Of(reader.ReadString()));
        return pairs;
    }
}

/// <summary>Which header fields can be what changed calls have in common.</summary>
internal static class ComparedHeaders
{
    // Made anew for each call or hop; the numbers in From and To are compared as numbers.
    private static readonly FrozenSet<string> s_ofEachCall = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Via", "v", "Call-ID", "i", "CSeq", "Max-Forwards", "Content-Length", "l", "From", "f", "To", "t", "Contact", "m", "Date", "Timestamp", "Session-ID",
        "Authorization", "Proxy-Authorization", "Identity", "y");

    // RFC 3261 §7.3.3 and the IANA registry of header fields.
    private static readonly FrozenDictionary<string, string> s_longForms = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["a"] = "Accept-Contact",
        ["b"] = "Referred-By",
        ["c"] = "Content-Type",
        ["d"] = "Request-Disposition",
        ["e"] = "Content-Encoding",
        ["j"] = "Reject-Contact",
        ["k"] = "Supported",
        ["n"] = "Identity-Info",
        ["o"] = "Event",
        ["r"] = "Refer-To",
        ["s"] = "Subject",
        ["u"] = "Allow-Events",
        ["x"] = "Session-Expires",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that are compared; the others are not made texts of.</summary>
    public static IReadOnlyList<SipHeader> Of(IReadOnlyList<SipHeader> headers)
    {
        var compared = new List<SipHeader>();
        if (headers is not PackedHeaders packed)
        {
            compared.AddRange(headers.Where(h => Compares(h.Name)));
            return compared;
        }
        var fields = packed.Look();
        while (fields.Next())
        {
            if (Compares(fields.NameText))
                compared.Add(new SipHeader(fields.NameText, fields.Value));
        }
        return compared;
    }

    private static bool Compares(string name) => !s_ofEachCall.Contains(name);

    /// <summary>The long form of a compact name; any other name as it is.</summary>
    public static string Canonical(string name) => name.Length == 1 && s_longForms.TryGetValue(name, out var longForm) ? longForm : name;
}

/// <summary>Keeps texts that come again and again once; at most so many.</summary>
internal sealed class TextPool(int most)
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>The text, the one that is kept where there is one.</summary>
    public string Of(string text)
    {
        if (_texts.TryGetValue(text, out var kept))
            return kept;
        if (_texts.Count < most)
            _texts.Add(text);
        return text;
    }
}
