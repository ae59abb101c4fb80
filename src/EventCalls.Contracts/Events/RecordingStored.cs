namespace EventCalls.Contracts;

/// <summary>A recording of the call was stored. Published by media.</summary>
public sealed record RecordingStored : CallEvent
{
    /// <summary>Where it is.</summary>
    public required string Location { get; init; }

    /// <summary>Its length, milliseconds.</summary>
    public required long DurationMs { get; init; }
}
