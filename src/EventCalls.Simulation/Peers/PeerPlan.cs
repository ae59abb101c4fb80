namespace EventCalls.Simulation.Peers;

/// <summary>How the other side behaves during one attempt.</summary>
internal sealed record PeerPlan
{
    /// <summary>What it does, in order.</summary>
    public IReadOnlyList<PeerStep> Steps { get; init; } = [];

    /// <summary>Whether it neither hears nor says anything.</summary>
    public bool IsDeaf { get; init; }

    /// <summary>Whether it cannot be reached.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>What the caller does with the target's session.</summary>
    public MediaReply Media { get; init; }

    /// <summary>The recorded attempt it is taken from; null when it is not recorded behaviour.</summary>
    public RecordedAttempt? Recorded { get; init; }
}
