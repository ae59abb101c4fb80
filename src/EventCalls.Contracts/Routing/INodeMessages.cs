namespace EventCalls.Contracts;

/// <summary>What a node sends over the bus besides its journal; implemented where the bus is known.</summary>
public interface INodeMessages
{
    /// <summary>Sends the heartbeat to the recorder; throws when the bus does not take it.</summary>
    Task SendAsync(NodeHeartbeat heartbeat, CancellationToken cancellationToken);

    /// <summary>Publishes that a trunk's server went down or came up, for whoever subscribes; throws when the bus does not take it now.</summary>
    Task TellAsync(TrunkEvent e, CancellationToken cancellationToken);

    /// <summary>Gives the routers a call once more that they were told of and did not decide; throws when the bus does not take it.</summary>
    Task AskAgainAsync(CallStarted started, CancellationToken cancellationToken);

    /// <summary>Sends the command to the routers; throws when the bus does not take it.</summary>
    Task SendAsync(RerouteCall command, CancellationToken cancellationToken);
}
