namespace EventCalls.Contracts;

/// <summary>The recording of the call was deleted because a command asked for it; nothing is left of it. Published by media.</summary>
public sealed record RecordingDiscarded : CallEvent
{
    /// <summary>How long it was, milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>Who asked for that, as the command says.</summary>
    public required string By { get; init; }
}
