namespace EventCalls.Contracts;

/// <summary>A node that owns calls is alive. Sent to the recorder at its start and then regularly; not an event of a stream.</summary>
public sealed record NodeHeartbeat
{
    /// <summary>The node.</summary>
    public required string Node { get; init; }

    /// <summary>When this run of the node began, UTC: calls of the node that started earlier and are still open were lost with the run before.</summary>
    public required DateTimeOffset RunningSince { get; init; }

    /// <summary>When this was sent, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How often the node sends one, seconds; 0 for a node of a version that did not say.</summary>
    public int IntervalSeconds { get; init; }

    /// <summary>True for the last one of an orderly stop.</summary>
    public bool Stopping { get; init; }

    /// <summary>What the node knows of its trunks; null for a node of a version that did not say.</summary>
    public NodeReport? Report { get; init; }
}
