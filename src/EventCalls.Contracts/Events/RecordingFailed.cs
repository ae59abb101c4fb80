namespace EventCalls.Contracts;

/// <summary>The call was to be recorded and was not, or not to its end; the call itself went on. Published by media.</summary>
public sealed record RecordingFailed : CallEvent
{
    /// <summary>Why, in words.</summary>
    public required string Why { get; init; }

    /// <summary>Where what there is of it lies; null when there is nothing.</summary>
    public string? Location { get; init; }

    /// <summary>How long what there is of it is, milliseconds.</summary>
    public long DurationMs { get; init; }

    /// <summary>When its first sample was, UTC; null when unknown.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}
