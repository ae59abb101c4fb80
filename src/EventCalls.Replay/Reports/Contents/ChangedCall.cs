using System.Text.Json.Serialization;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>A changed call by itself, as it stands in the report's <c>changes</c>.</summary>
internal sealed record ChangedCall
{
    public required Guid CallId { get; init; }

    public required string SipCallId { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime StartedAt { get; init; }

    public required string Caller { get; init; }

    public required string Callee { get; init; }

    public required string Trunk { get; init; }

    /// <summary>The decision that the flows and targets are of: 0 for the call's first one, n for the one after the n-th failed handoff.</summary>
    public required int Retry { get; init; }

    public required WasAndNow Flow { get; init; }

    /// <summary>The first targets.</summary>
    public required WasAndNow Target { get; init; }

    /// <summary>What came of the call, by its wire name; null when nothing did.</summary>
    public required string? Outcome { get; init; }

    /// <summary>The announced changes it changed as; left out when it is none of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Expected { get; init; }

    /// <summary>What came out otherwise, by the names that <see cref="Calls.FieldChange.Field"/> says.</summary>
    public required Dictionary<string, WasAndNow> Fields { get; init; }
}

/// <summary>As recorded, and as the candidate has it; null where there is none.</summary>
internal readonly record struct WasAndNow(string? Was, string? Now);
