namespace EventCalls.Store.Notifying;

/// <summary>What is owed to webhooks, and how far each has been told; a role of the store.</summary>
/// <remarks>
/// What is owed names an event and holds nothing of it: what is sent is read from the call's stream at that time, so that who was masked or
/// erased meanwhile is told to nobody. Safe from any thread and any number of processes.
/// Every member throws <see cref="StoreUnreachableException"/> when the store cannot be used now.
/// </remarks>
public interface IWebhookQueue
{
    /// <summary>The webhooks that were ever followed, by name.</summary>
    /// <param name="counted">Whether what they are owed is counted, which takes longer the more it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<WebhookState>> ListWebhooksAsync(bool counted, CancellationToken cancellationToken);

    /// <summary>Begins to follow for a webhook; one that is there already stays as it is.</summary>
    /// <param name="name">The webhook.</param>
    /// <param name="position">The position of the last event that it is not told of.</param>
    /// <param name="lostNodes">The lost nodes that it is not told of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task AddWebhookAsync(string name, long position, string lostNodes, CancellationToken cancellationToken);

    /// <summary>Goes on from one position to another and owes what was found between them, in one transaction.</summary>
    /// <param name="name">The webhook.</param>
    /// <param name="from">The position it is at; when it is not, nothing is done: another process went on.</param>
    /// <param name="to">Where it is then.</param>
    /// <param name="lostNodes">The nodes that are lost then, as text for the next look.</param>
    /// <param name="owed">What is owed from now on; what is owed already, or dead, stays as it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was done.</returns>
    Task<bool> AdvanceAsync(string name, long from, long to, string lostNodes, IReadOnlyList<OwedDelivery> owed, CancellationToken cancellationToken);

    /// <summary>Deliveries whose time has come, those that waited longest first.</summary>
    Task<IReadOnlyList<OwedDelivery>> ListDueAsync(string name, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Dead letters, the newest first.</summary>
    Task<IReadOnlyList<OwedDelivery>> ListDeadAsync(string name, int limit, CancellationToken cancellationToken);

    /// <summary>Forgets a delivery: it arrived, or there is nothing to deliver any more.</summary>
    Task ForgetAsync(string name, Guid id, CancellationToken cancellationToken);

    /// <summary>Keeps what came of an attempt: when the next one is, or that it was the last. One that is dead already stays as it is.</summary>
    Task SaveAttemptAsync(string name, OwedDelivery delivery, CancellationToken cancellationToken);

    /// <summary>Stops a webhook: all that it is owed becomes dead letters.</summary>
    /// <param name="name">The webhook.</param>
    /// <param name="why">Why, for people.</param>
    /// <param name="address">What tells its address from another one.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task StopAsync(string name, string why, string address, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Lets a webhook that was stopped go on; its dead letters stay dead.</summary>
    Task ResumeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Owes dead letters again, from the beginning, and lets the webhook go on if it was stopped.</summary>
    /// <param name="name">The webhook.</param>
    /// <param name="id">Which one; null for all.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    Task<int> ReplayDeadAsync(string name, Guid? id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets dead letters of all webhooks that died before this time, UTC; returns how many.</summary>
    Task<int> ForgetDeadAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>A webhook as the store has it.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Position">The position of the last event that was looked at for it.</param>
/// <param name="LostNodes">The nodes that were lost at the last look, as text.</param>
/// <param name="StoppedAt">When it was stopped, UTC; null when it was not.</param>
/// <param name="StoppedBecause">Why it was stopped.</param>
/// <param name="StoppedAddress">What tells the address that was stopped from another one.</param>
/// <param name="Owed">How many deliveries it is owed.</param>
/// <param name="Failed">How many of them have failed before.</param>
/// <param name="Dead">How many are tried no more.</param>
public sealed record WebhookState(
    string Name, long Position, string LostNodes, DateTimeOffset? StoppedAt = null, string? StoppedBecause = null, string? StoppedAddress = null, long Owed = 0, long Failed = 0, long Dead = 0);

/// <summary>An event that a webhook is owed.</summary>
public sealed record OwedDelivery
{
    /// <summary>The event's id, by which the receiver knows it again.</summary>
    public required Guid Id { get; init; }

    /// <summary>What is told, such as <c>call_ended</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The call; null for what is about none.</summary>
    public Guid? CallId { get; init; }

    /// <summary>The event's version in the call's stream; 0 for what is about no call.</summary>
    public long Version { get; init; }

    /// <summary>What is told where it is about no call, JSON; null otherwise.</summary>
    public string? Data { get; init; }

    /// <summary>Since when it is owed, UTC.</summary>
    public required DateTimeOffset OwedSince { get; init; }

    /// <summary>When it is tried next, UTC.</summary>
    public required DateTimeOffset NextAt { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>What came of the last attempt; null when it was not tried.</summary>
    public string? Problem { get; init; }

    /// <summary>Since when it is tried no more, UTC; null while it is.</summary>
    public DateTimeOffset? DeadAt { get; init; }
}
