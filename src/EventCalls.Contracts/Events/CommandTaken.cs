namespace EventCalls.Contracts;

/// <summary>The owner of the call has taken a command (<see cref="CallCommand"/>). Recorded before anything is done; what follows has it as its cause.</summary>
public sealed record CommandTaken : CallEvent
{
    /// <summary>The command; the same one given again does nothing more.</summary>
    public required Guid CommandId { get; init; }

    /// <summary>What is asked.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>Who asks: the name of an API key or of a person.</summary>
    public required string By { get; init; }

    /// <summary>Why, for machines; null when nothing was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The handoff that begins; null for other commands.</summary>
    public Guid? HandoffId { get; init; }

    /// <summary>The flow that the logic is to decide in; null for other commands.</summary>
    public string? Flow { get; init; }

    /// <summary>What to do with the recording; null for other commands.</summary>
    public RecordingChange? Recording { get; init; }

    /// <summary>What is asked of the monitoring of the call; null for other commands.</summary>
    public MonitorChange? Monitor { get; init; }

    /// <summary>With <see cref="Flow"/>: the decision (<see cref="FlowSelected"/>) whose flow and state the new one goes on from; null when the node had none yet.</summary>
    public Guid? After { get; init; }
}
