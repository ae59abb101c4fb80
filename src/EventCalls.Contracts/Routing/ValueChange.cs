namespace EventCalls.Contracts;

/// <summary>A record of what an operator set for <c>conv.Config</c>. Not an event of a stream.</summary>
public sealed record ValueChange
{
    /// <summary>Its place among all changes: 1 for the first, and no number is left out.</summary>
    public required long Number { get; init; }

    /// <summary>The value's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is from then on; null when it was taken away.</summary>
    public string? Value { get; init; }

    /// <summary>Who changed it, as the audit shows it.</summary>
    public required string By { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What whoever changed it said to it; null for nothing.</summary>
    public string? Note { get; init; }
}
