using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Histories;

/// <summary>
/// A history in a file: gzip of lines. The first says what it is; then a line for each version of logic; then, for each call, its row, its events
/// (name, blank, JSON) and an empty line; and at the end how many calls there were. What a replay does not look at is not in it.
/// </summary>
internal static class HistoryFormat
{
    /// <summary>The newest form this program reads and writes.</summary>
    public const int Version = 1;

    /// <summary>What the file's first line begins with.</summary>
    public const string Magic = "eventcalls-history";

    /// <summary>What the file's last line begins with; the number of calls follows.</summary>
    public static ReadOnlySpan<byte> End => "end "u8;

    /// <summary>How lines are written and read: '+', '&lt;' and '&gt;', which SIP is full of, stay readable.</summary>
    public static HistoryJson Json { get; } = new(new JsonSerializerOptions(HistoryJson.Default.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>A call's row with what a replay and its conditions look at.</summary>
    public static HistoryRow Of(CallRow row) => new()
    {
        CallId = row.CallId,
        SipCallId = row.SipCallId,
        StartedAt = row.StartedAt,
        EndedAt = row.EndedAt,
        Caller = row.Caller,
        Callee = row.Callee,
        Trunk = row.Trunk,
        Node = row.Node,
        Flow = row.Flow,
        Handoff = row.Handoff,
        Target = row.Target,
        Outcome = row.Outcome,
        Reason = row.Reason,
        LogicVersion = row.LogicVersion,
        MaskedAt = row.MaskedAt,
    };

    /// <summary>The row as a store has it.</summary>
    public static CallRow ToRow(HistoryRow row, int events) => new()
    {
        CallId = row.CallId,
        SipCallId = row.SipCallId,
        StartedAt = row.StartedAt,
        EndedAt = row.EndedAt,
        Caller = row.Caller,
        Callee = row.Callee,
        Trunk = row.Trunk,
        Node = row.Node,
        Flow = row.Flow,
        Handoff = row.Handoff,
        Target = row.Target,
        Outcome = row.Outcome,
        Reason = row.Reason,
        LogicVersion = row.LogicVersion,
        MaskedAt = row.MaskedAt,
        LastEventId = row.CallId,
        Version = events,
    };
}

/// <summary>What a history is; its first line.</summary>
internal sealed record HistoryHead
{
    public required int Version { get; init; }

    /// <summary>How many calls there were to write when it was begun.</summary>
    public required long Calls { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime MadeAt { get; init; }

    /// <summary>Whether numbers and texts in it stand for others, so that a version may decide otherwise than it did.</summary>
    public required bool Anonymized { get; init; }
}

/// <summary>A call's row in a history.</summary>
internal sealed record HistoryRow
{
    public required Guid CallId { get; init; }

    public required string SipCallId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required string Caller { get; init; }

    public required string Callee { get; init; }

    public required string Trunk { get; init; }

    public required string Node { get; init; }

    public string? Flow { get; init; }

    public HandoffMethod? Handoff { get; init; }

    public string? Target { get; init; }

    public TransferOutcome? Outcome { get; init; }

    public string? Reason { get; init; }

    public string? LogicVersion { get; init; }

    public DateTimeOffset? MaskedAt { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryHead))]
[JsonSerializable(typeof(HistoryRow))]
[JsonSerializable(typeof(LogicVersionLoaded))]
internal sealed partial class HistoryJson : JsonSerializerContext;
