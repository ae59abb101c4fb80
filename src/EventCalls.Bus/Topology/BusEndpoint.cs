using MassTransit;

namespace EventCalls.Bus.Topology;

/// <summary>One queue this process consumes.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Consumers">The consumers, each once for the whole process: no scope and no resolving for each message.</param>
public sealed record BusEndpoint(string Queue, params IConsumer[] Consumers)
{
    /// <summary>Set for a node's own queue: it gets only the handoffs with this routing key.</summary>
    public string? Node { get; init; }

    /// <summary>How many messages are taken from the broker ahead of being consumed.</summary>
    public int Prefetch { get; init; } = 64;

    /// <summary>How many are consumed at once.</summary>
    /// <remarks>Not more than needed: every message wakes as many waiting readers of MassTransit as may run at once (500 of them cost a fifth of a call).</remarks>
    public int Concurrency { get; init; } = 16;

    /// <summary>How long a message is of use; one that failed is not brought back later than that. Null: for ever.</summary>
    public TimeSpan? Life { get; init; }

    /// <summary>After how long without a consumer the broker drops the queue; null: never.</summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>Hands messages of this process to its consumers without the bus, where there is no broker; null: all go over the bus.</summary>
    public DirectDelivery? Direct { get; init; }

    /// <summary>The message types the consumers take.</summary>
    public IReadOnlyList<Type> MessageTypes { get; } =
        [.. Consumers.SelectMany(c => c.GetType().GetInterfaces())
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConsumer<>))
            .Select(i => i.GetGenericArguments()[0])
            .Distinct()];
}
