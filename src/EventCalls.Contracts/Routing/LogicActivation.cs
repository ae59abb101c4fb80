namespace EventCalls.Contracts;

/// <summary>A record of what all routers decide by from then on. Not an event of a stream.</summary>
public sealed record LogicActivation
{
    /// <summary>Its place among all: 1 for the first, and no number is left out.</summary>
    public required long Number { get; init; }

    /// <summary>The content hash of the version that decides; null when each router's folder does, as before the first activation.</summary>
    public string? Version { get; init; }

    /// <summary>Who asked for it, as the audit shows it.</summary>
    public required string By { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The number of the record that a roll back goes back to; null for the folder.</summary>
    public long? Before { get; init; }

    /// <summary>Whether it went back to what decided before.</summary>
    public bool RolledBack { get; init; }

    /// <summary>What whoever asked for it said to it; null for nothing.</summary>
    public string? Note { get; init; }
}
