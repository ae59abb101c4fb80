using System.Text.Json.Serialization;
using EventCalls.Store;

namespace EventCalls.Replay.Audit.Diagrams;

/// <summary>A call as a picture has it: who took part as columns, its events as rows, and who said what to whom. The names of the members are a promise (docs/api.md).</summary>
/// <param name="Parties">The columns, from left to right.</param>
/// <param name="Rows">The events, in order.</param>
public sealed record CallDiagram(IReadOnlyList<DiagramParty> Parties, IReadOnlyList<DiagramRow> Rows)
{
    /// <summary>The picture of a stream.</summary>
    /// <param name="events">The whole stream, in order; what cannot be read is a row that says so.</param>
    public static CallDiagram Of(IReadOnlyList<StoredEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var fold = new CallDiagramFold();
        foreach (var e in events)
            fold.Add(e);
        return fold.ToDiagram();
    }
}

/// <summary>One who took part.</summary>
/// <param name="Role">What it is to the call.</param>
/// <param name="Name">The caller's number, the node, the version of the logic, the target's URI: safe to show.</param>
/// <param name="FirstRow">The row in which it shows first, from 0.</param>
public sealed record DiagramParty(DiagramRole Role, string Name, int FirstRow);

/// <summary>What somebody is to a call.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DiagramRole>))]
public enum DiagramRole
{
    /// <summary>Who called.</summary>
    [JsonStringEnumMemberName("caller")]
    Caller,

    /// <summary>Who steers by the API.</summary>
    [JsonStringEnumMemberName("api")]
    Api,

    /// <summary>The node that had the call.</summary>
    [JsonStringEnumMemberName("eventcalls")]
    EventCalls,

    /// <summary>The routing logic, behind the bus.</summary>
    [JsonStringEnumMemberName("logic")]
    Logic,

    /// <summary>Whom the call was handed to, or offered to.</summary>
    [JsonStringEnumMemberName("target")]
    Target,
}

/// <summary>One event.</summary>
public sealed record DiagramRow
{
    /// <summary>Its version in the stream.</summary>
    public required long Event { get; init; }

    /// <summary>Its stored name.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was sent for it, in order; empty where nothing was.</summary>
    public required IReadOnlyList<DiagramArrow> Arrows { get; init; }

    /// <summary>What happened, in lines that are safe to show; the first one says it.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>How it went.</summary>
    public required LadderTone Tone { get; init; }
}

/// <summary>Something that was sent.</summary>
/// <param name="From">The column of who sent it.</param>
/// <param name="To">The column of who got it.</param>
/// <param name="Label">The method, the status, or the name of the message: safe to show.</param>
/// <param name="IsSip">Whether it is a SIP message; else it went over the bus.</param>
public sealed record DiagramArrow(int From, int To, string Label, bool IsSip);

/// <summary>How pictures are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InUtc)])]
[JsonSerializable(typeof(CallDiagram))]
public sealed partial class DiagramJson : JsonSerializerContext;
