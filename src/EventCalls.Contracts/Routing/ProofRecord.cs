using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>A record of how a version of routing logic proves itself in live traffic. Not an event of a stream.</summary>
/// <param name="Kind">What it is of.</param>
/// <param name="Number">Its place among those of its kind: 1 for the first, and no number is left out.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Json">What it says.</param>
public sealed record ProofRecord(ProofKind Kind, long Number, DateTimeOffset At, string Json);

/// <summary>How a version proves itself; snake_case in stores.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProofKind>))]
public enum ProofKind
{
    /// <summary>It decides a share of the calls.</summary>
    [JsonStringEnumMemberName("canary")]
    Canary,

    /// <summary>It decides calls again that another one decided, and nothing is done by that.</summary>
    [JsonStringEnumMemberName("shadow")]
    Shadow,

    /// <summary>It decides again what it decided on the day before.</summary>
    [JsonStringEnumMemberName("nightly")]
    Nightly,
}
