namespace EventCalls.Bus.Journal;

/// <summary>How the journal gathers events into batches.</summary>
public sealed record JournalOptions
{
    /// <summary>Who writes: the node, or the router.</summary>
    public required string Source { get; init; }

    /// <summary>How long events are gathered while batches follow each other, milliseconds. The first after a pause goes at once.</summary>
    public int GatherMs { get; init; } = 2;

    /// <summary>A batch takes no further entry when it has this many events.</summary>
    public int MaxEvents { get; init; } = 500;

    /// <summary>A batch takes no further entry when it has this many bytes.</summary>
    public int MaxBytes { get; init; } = 256 * 1024;
}
