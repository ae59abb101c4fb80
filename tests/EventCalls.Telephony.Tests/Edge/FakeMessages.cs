using EventCalls.Contracts;

namespace EventCalls.Telephony.Tests;

/// <summary>Keeps what a node sends over the bus; throws when told to.</summary>
internal sealed class FakeMessages : INodeMessages
{
    public List<NodeHeartbeat> Heartbeats { get; } = [];

    public List<RerouteCall> Reroutes { get; } = [];

    public List<CallStarted> AskedAgain { get; } = [];

    public List<TrunkEvent> Told { get; } = [];

    public Exception? Throws { get; set; }

    public Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (Heartbeats)
            Heartbeats.Add(heartbeat);
        return Throws is null ? Task.CompletedTask : Task.FromException(Throws);
    }

    public Task TellAsync(TrunkEvent e, CancellationToken cancellationToken)
    {
        if (Throws is null)
        {
            lock (Told)
                Told.Add(e);
        }
        return Throws is null ? Task.CompletedTask : Task.FromException(Throws);
    }

    public Task AskAgainAsync(CallStarted started, CancellationToken cancellationToken)
    {
        AskedAgain.Add(started);
        return Throws is null ? Task.CompletedTask : Task.FromException(Throws);
    }

    public Task SendAsync(RerouteCall command, CancellationToken cancellationToken)
    {
        Reroutes.Add(command);
        return Throws is null ? Task.CompletedTask : Task.FromException(Throws);
    }
}
