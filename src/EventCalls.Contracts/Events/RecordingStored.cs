namespace EventCalls.Contracts;

/// <summary>A recording of the call was stored. Published by media.</summary>
public sealed record RecordingStored : CallEvent
{
    /// <summary>Where it is.</summary>
    public required string Location { get; init; }

    /// <summary>Its length, milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>Its size, bytes; null when unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>How much of the call it leaves out because it was paused, milliseconds; null when unknown.</summary>
    public long? PausedMs { get; init; }

    /// <summary>How many packets are silence in it because they came faster than they could be written; null when unknown.</summary>
    public long? Dropped { get; init; }

    /// <summary>When its first sample was, UTC; null when unknown.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}
