using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Replay.Shadow;

/// <summary>A record of which version decides live calls again, and does nothing by that: it holds from then on.</summary>
public sealed record ShadowRecord
{
    /// <summary>Its place among all: 1 for the first, and no number is left out.</summary>
    public required long Number { get; init; }

    /// <summary>The content hash of the version; null for none any more.</summary>
    public string? Challenger { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What they said to it; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The position in the event store behind which calls that end are decided again.</summary>
    public required long Position { get; init; }

    /// <summary>Reads what was kept.</summary>
    /// <exception cref="JsonException">It is no such record.</exception>
    public static ShadowRecord Read(ProofRecord kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return JsonSerializer.Deserialize(kept.Json, ShadowJson.Default.ShadowRecord) ?? throw new JsonException("a shadow's record is null");
    }

    /// <summary>The record as it is kept.</summary>
    public ProofRecord ToKept() => new(ProofKind.Shadow, Number, At, JsonSerializer.Serialize(this, ShadowJson.Default.ShadowRecord));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ShadowRecord))]
internal sealed partial class ShadowJson : JsonSerializerContext;
