namespace EventCalls.Contracts;

/// <summary>The recording of the call was paused, or goes on; while it is paused it holds silence, and digits are withheld. Published by the ingress.</summary>
public sealed record RecordingPaused : CallEvent
{
    /// <summary>Whether it is paused from now on; false when it goes on.</summary>
    public required bool Paused { get; init; }

    /// <summary>Who asked for that, as the command says; null when a handoff did.</summary>
    public string? By { get; init; }

    /// <summary>The handoff that asked for that; null when a command did.</summary>
    public Guid? HandoffId { get; init; }
}
