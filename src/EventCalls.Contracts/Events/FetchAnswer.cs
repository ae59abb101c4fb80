using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventCalls.Contracts;

/// <summary>What a fetch came to, as it is recorded: the answer of a look-up named <c>fetch:SOURCE</c>.</summary>
public sealed record FetchAnswer
{
    /// <summary>What such a look-up's name begins with.</summary>
    public const string Prefix = "fetch:";

    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why there is no answer; null when there is one, also one that says there is no such thing.</summary>
    public FetchFailure? Failure { get; init; }

    /// <summary>More about the failure, for people; null for nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>How long the decision waited for it, milliseconds.</summary>
    public long Milliseconds { get; init; }

    /// <summary>Whether it was answered from the cache.</summary>
    public bool Cached { get; init; }

    /// <summary>The JSON of the answer; null when it has none.</summary>
    public string? Json { get; init; }

    /// <summary>Whether a look-up is a fetch.</summary>
    public static bool IsFetch(string lookup)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        return lookup.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>The answer of a recorded look-up; a refused one is that no such source was configured.</summary>
    public static FetchAnswer Of(LookupAnswer recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return recorded.Refusal is { } refusal ? new FetchAnswer { Failure = FetchFailure.NotConfigured, Detail = refusal } : Parse(recorded.Value);
    }

    /// <summary>The answer of a recorded text; null says that there is no such thing. A text that is none, as one that was masked, is an answer that is no JSON.</summary>
    public static FetchAnswer Parse(string? text)
    {
        if (text is null)
            return new FetchAnswer { Status = 404 };
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return new FetchAnswer
            {
                Status = root.TryGetProperty("status", out var status) ? status.GetInt32() : null,
                Failure = root.TryGetProperty("failure", out var failure) ? WireName.Parse<FetchFailure>(failure.GetString()) ?? FetchFailure.Unreachable : null,
                Detail = root.TryGetProperty("detail", out var detail) ? detail.GetString() : null,
                Milliseconds = root.TryGetProperty("ms", out var took) ? took.GetInt64() : 0,
                Cached = root.TryGetProperty("cached", out var cached) && cached.GetBoolean(),
                Json = root.TryGetProperty("json", out var body) ? body.GetRawText() : null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return new FetchAnswer { Failure = FetchFailure.NotJson, Detail = "the recorded answer cannot be read" };
        }
    }

    /// <summary>For people, in one line.</summary>
    public string ToWords()
    {
        string when = Cached ? "from the cache" : $"in {Milliseconds} ms";
        string what = Failure is { } failure ? $"{WireName.Of(failure)}{(Status is { } status ? $" {status}" : "")}"
            : Json is null ? $"not found{(Status is { } none ? $" ({none})" : "")}"
            : $"{Json}";
        return Detail is null ? $"{what}, {when}" : $"{what} ({Detail}), {when}";
    }

    /// <summary>The text that is recorded.</summary>
    public string ToText()
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(bytes, s_writing))
        {
            writer.WriteStartObject();
            if (Status is { } status)
                writer.WriteNumber("status", status);
            if (Failure is { } failure)
                writer.WriteString("failure", WireName.Of(failure));
            if (Detail is { } detail)
                writer.WriteString("detail", detail);
            writer.WriteNumber("ms", Milliseconds);
            if (Cached)
                writer.WriteBoolean("cached", true);
            if (Json is { } json)
            {
                writer.WritePropertyName("json");
                writer.WriteRawValue(json);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
