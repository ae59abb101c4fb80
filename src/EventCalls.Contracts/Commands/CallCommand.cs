using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>A command for one call, given at any node and carried out by the one that owns the call. It is no event: what comes of it is.</summary>
public sealed record CallCommand
{
    /// <summary>Identifies the command: given twice, it is carried out once, and both times answered alike.</summary>
    public required Guid CommandId { get; init; }

    /// <summary>The call.</summary>
    public required Guid CallId { get; init; }

    /// <summary>The node that owns the call, as its first event says.</summary>
    public required string Node { get; init; }

    /// <summary>What is asked.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>Who asks: the name of an API key or of a person, as the audit shall show it.</summary>
    public required string By { get; init; }

    /// <summary>A handoff's steps, first to last; empty for other commands.</summary>
    public IReadOnlyList<Handoff> Steps { get; init; } = [];

    /// <summary>Why, for machines; null when nothing was given.</summary>
    public string? Reason { get; init; }

    /// <summary>What changes in the conversation's state, a JSON null removing the key; null when nothing does. A handoff may carry it too.</summary>
    public IReadOnlyDictionary<string, JsonElement>? State { get; init; }

    /// <summary>The flow to go to; null for other commands.</summary>
    public string? Flow { get; init; }

    /// <summary>What to do with the recording; null for other commands.</summary>
    public RecordingChange? Recording { get; init; }

    /// <summary>What is asked of the monitoring of the call; null for other commands.</summary>
    public MonitorChange? Monitor { get; init; }

    /// <summary>A digest of what was asked, where the steps come of more than that, such as the state as it was; null when they do not. By it a command that is given again is known to be the same.</summary>
    public string? Asked { get; init; }

    /// <summary>The id that a handoff has which comes of this command.</summary>
    [JsonIgnore]
    public Guid HandoffId => EventIds.Handoff(CallId, CommandId);
}
