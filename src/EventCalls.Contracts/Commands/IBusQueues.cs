using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>The queues of the broker: what waits there, and what failed every time. Every member throws <see cref="BusQueuesAwayException"/> while the broker cannot be asked.</summary>
public interface IBusQueues
{
    /// <summary>The queues that are there of those that the service and these nodes have, by name.</summary>
    Task<IReadOnlyList<QueueDepth>> ListAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellationToken);

    /// <summary>Messages of a queue of dead letters, the first ones; they stay there. Null when there is no such queue.</summary>
    Task<IReadOnlyList<DeadMessage>?> LookAsync(string queue, int limit, CancellationToken cancellationToken);

    /// <summary>Puts dead letters back into the queue that they failed in, or takes them away for good: the one with this id, or all that are there now.</summary>
    /// <returns>How many; null when there is no such queue.</returns>
    Task<int?> ClearAsync(string queue, string? messageId, DeadMessageAct act, string by, CancellationToken cancellationToken);
}

/// <summary>How much waits in a queue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What for.</param>
/// <param name="Waiting">How many messages nobody has taken yet.</param>
/// <param name="Consumers">How many take them.</param>
public sealed record QueueDepth(string Name, QueueKind Kind, long Waiting, long Consumers);

/// <summary>A message that failed every time, or that its queue is not for.</summary>
/// <param name="Id">Its id; null when it has none.</param>
/// <param name="Type">What it is.</param>
/// <param name="FailedAt">When it failed, as it was noted; null when it was not.</param>
/// <param name="Reason">Why, as it was noted.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Text">Its beginning, as text.</param>
public sealed record DeadMessage(string? Id, string Type, string? FailedAt, string? Reason, long Bytes, string Text);

/// <summary>What a queue is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QueueKind>))]
public enum QueueKind
{
    /// <summary>Messages to be consumed.</summary>
    [JsonStringEnumMemberName("work")]
    Work,

    /// <summary>Messages that are delivered again later.</summary>
    [JsonStringEnumMemberName("later")]
    Later,

    /// <summary>Messages that failed every time.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Messages that their queue is not for.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

/// <summary>What becomes of a dead letter.</summary>
public enum DeadMessageAct
{
    /// <summary>It goes back into the queue that it failed in.</summary>
    PutBack,

    /// <summary>It is taken away for good.</summary>
    Discard,
}

/// <summary>The broker cannot be asked now; the message says why.</summary>
public sealed class BusQueuesAwayException : Exception
{
    /// <summary>Says so.</summary>
    public BusQueuesAwayException()
    {
    }

    /// <summary>Says why.</summary>
    public BusQueuesAwayException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what it came of.</summary>
    public BusQueuesAwayException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
