namespace EventCalls.Store.Recording;

/// <summary>How the recorder gathers and retries.</summary>
public sealed record AppendQueueOptions
{
    /// <summary>How long the first event of an append waits for others to share the transaction; zero or more.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>An append is not made larger than this many events by gathering; a single message may be.</summary>
    public int MaxEvents { get; init; } = 1_000;

    /// <summary>How many messages may wait before <see cref="AppendQueue.AppendAsync"/> itself waits.</summary>
    public int Capacity { get; init; } = 1_000;

    /// <summary>How long a message is kept here for the causes of its events before it is given back to the bus.</summary>
    public TimeSpan CauseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often an event that waits for its cause is tried again when nothing else is stored; another recorder may store the cause.</summary>
    public TimeSpan CauseRetryInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an append may take before it is given up and done again, on a connection of its own where the store has any.</summary>
    public TimeSpan AppendLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The first pause while the store is unreachable; each further one is twice as long, up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause while the store is unreachable.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(3);
}
