namespace EventCalls.Contracts;

/// <summary>Sent by a recorder through its own queues: when it comes back, what was sent before it has been taken in. Not an event of a stream.</summary>
public sealed record RecorderProbe
{
    /// <summary>The run of the recorder that sent it.</summary>
    public required string Recorder { get; init; }

    /// <summary>When it was sent, UTC, by that recorder's clock.</summary>
    public required DateTimeOffset SentAt { get; init; }
}
