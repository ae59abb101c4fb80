namespace EventCalls.Routing.Deciding;

/// <summary>How decisions are spread over threads.</summary>
public sealed record DecisionThreadsOptions
{
    /// <summary>How many threads decide, over 0; by default as many as there are processors, at least 2, so that one that hangs does not stop the others.</summary>
    public int Count { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>How long over the time limit a decision may be before its thread is given up.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Whether a caller waits for the answer: then a decision that stood in the queue for longer than its limit behind others that ran over
    /// theirs, or whose logic ran over it many times in a row, fails without being tried. False where each decision counts and none is
    /// waited for, as in a replay.
    /// </summary>
    public bool Impatient { get; init; } = true;
}
