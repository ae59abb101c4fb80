using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <summary>Keeps what the played call records, in memory, and tells of each event; everything is confirmed at once.</summary>
internal sealed class ForkJournal(Action<CallEvent> onAppended, Action<RerouteCall> onReroute) : ICallJournal, INodeMessages
{
    /// <summary>All events, in order.</summary>
    public List<CallEvent> Events { get; } = [];

    /// <inheritdoc />
    public int Backlog => 0;

    /// <inheritdoc />
    public void Append(JournalEntry entry)
    {
        foreach (var e in entry.Events)
            Add(e);
        entry.Confirmed();
    }

    /// <inheritdoc />
    public Task AppendAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        foreach (var e in events)
            Add(e);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task TellAsync(TrunkEvent e, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task AskAgainAsync(CallStarted started, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task SendAsync(RerouteCall command, CancellationToken cancellationToken)
    {
        onReroute(command);
        return Task.CompletedTask;
    }

    /// <summary>Adds one event.</summary>
    public void Add(CallEvent e)
    {
        Events.Add(e);
        onAppended(e);
    }
}
