namespace EventCalls.Store;

/// <summary>Which events to read, of all calls.</summary>
public sealed record EventRange
{
    /// <summary>Everything.</summary>
    public static readonly EventRange All = new();

    /// <summary>Only events after this position; 0 for the beginning.</summary>
    public long AfterPosition { get; init; }

    /// <summary>Only events that occurred at or after this time, UTC.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only events that occurred before this time, UTC.</summary>
    public DateTimeOffset? To { get; init; }
}
