using System.Text.Json.Serialization;

namespace EventCalls.Store.Steering;

/// <summary>Who did what with dead letters, of queues and of webhooks; a role of the store. What was kept is never changed or deleted.</summary>
/// <remarks>Safe from any thread and any number of processes. Every member throws <see cref="StoreUnreachableException"/> when the store cannot be used now.</remarks>
public interface IDeadLetterRecord
{
    /// <summary>Keeps what somebody is about to do: before it is done, so that nothing is done without a record.</summary>
    Task KeepActAsync(DeadLetterAct act, CancellationToken cancellationToken);

    /// <summary>Adds to a record how many letters it was, once.</summary>
    Task CountActAsync(Guid id, int letters, CancellationToken cancellationToken);

    /// <summary>The records, the newest first.</summary>
    Task<IReadOnlyList<DeadLetterAct>> ListActsAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>What somebody did with dead letters.</summary>
public sealed record DeadLetterAct
{
    /// <summary>Its id, a UUID of version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who, as the audit shows it.</summary>
    public required string By { get; init; }

    /// <summary>What was done.</summary>
    public required DeadLetterDeed Act { get; init; }

    /// <summary>The queue, or, of a replay, the webhook.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the one that was meant; null for all that were there.</summary>
    public string? Letter { get; init; }

    /// <summary>How many it was; null when that is not known, because it was not finished or the store was away then.</summary>
    public int? Letters { get; init; }
}

/// <summary>What can be done with dead letters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeadLetterDeed>))]
public enum DeadLetterDeed
{
    /// <summary>Put back into the queue that they failed in.</summary>
    [JsonStringEnumMemberName("put_back")]
    PutBack,

    /// <summary>Taken away for good.</summary>
    [JsonStringEnumMemberName("discard")]
    Discard,

    /// <summary>Sent to their webhook again.</summary>
    [JsonStringEnumMemberName("replay")]
    Replay,
}
