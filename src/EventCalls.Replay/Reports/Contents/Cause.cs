namespace EventCalls.Replay.Reports;

/// <summary>What changed calls of a group have in common that other calls have not.</summary>
/// <remarks>It is a statement about the calls that were looked at, not a proof of what the logic reads.</remarks>
public sealed record Cause
{
    /// <summary>The conditions; all of them hold for a call the cause explains.</summary>
    public required IReadOnlyList<CauseCondition> Conditions { get; init; }

    /// <summary>How many of the group's calls that were looked at meet the conditions, and how many were looked at.</summary>
    public required Share Changed { get; init; }

    /// <summary>How many of the other calls that were looked at meet the conditions all the same.</summary>
    public required Share Others { get; init; }

    /// <summary>Of all calls that meet the conditions, the share that is in the group, 0–1; extrapolated from the sample where it is one.</summary>
    public required double Precision { get; init; }

    /// <summary>Other conditions that the very same calls meet; any of them may be the one that the logic reads.</summary>
    public IReadOnlyList<string> Equivalents { get; init; } = [];

    /// <summary>The conditions in words.</summary>
    public string Text => string.Join(" and ", Conditions.Select(c => c.Text));
}
