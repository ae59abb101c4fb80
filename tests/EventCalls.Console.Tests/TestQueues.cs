using EventCalls.Contracts;

namespace EventCalls.Console.Tests;

/// <summary>A broker's queues with dead letters in one.</summary>
internal sealed class TestQueues : IBusQueues
{
    public const string Failed = "eventcalls-recorder_error";

    public List<string> Done { get; } = [];

    public bool IsAway { get; set; }

    public bool FailsToClear { get; set; }

    /// <summary>How many dead letters there are.</summary>
    public int Dead { get; set; } = 1;

    public Task<IReadOnlyList<QueueDepth>> ListAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellationToken) => IsAway
        ? throw new BusQueuesAwayException("no broker")
        : Task.FromResult<IReadOnlyList<QueueDepth>>([.. nodes.Select(n => new QueueDepth($"eventcalls-node-{n}", QueueKind.Work, 3, 1)), new QueueDepth("eventcalls-recorder", QueueKind.Work, 0, 1), new QueueDepth(Failed, QueueKind.Failed, Dead, 0)]);

    public Task<IReadOnlyList<DeadMessage>?> LookAsync(string queue, int limit, CancellationToken cancellationToken) =>
        IsAway ? throw new BusQueuesAwayException("no broker") : Task.FromResult<IReadOnlyList<DeadMessage>?>(queue == Failed ? [new DeadMessage("m1", "x", null, "broke", 2, "{}")] : null);

    public Task<int?> ClearAsync(string queue, string? messageId, DeadMessageAct act, string by, CancellationToken cancellationToken)
    {
        if (FailsToClear)
            throw new BusQueuesAwayException("no broker");
        if (queue != Failed)
            return Task.FromResult<int?>(null);
        Done.Add($"{act} {messageId ?? "all"} of {queue} by {by}");
        int cleared = messageId is null ? Dead : 1;
        Dead -= messageId is null ? Dead : 0;
        return Task.FromResult<int?>(cleared);
    }
}
