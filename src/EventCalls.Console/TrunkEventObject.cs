using EventCalls.Contracts;

namespace EventCalls.Console;

/// <summary>A server of a trunk that went down or came up at a node.</summary>
/// <param name="Type"><c>trunk_down</c> or <c>trunk_up</c>.</param>
/// <param name="EventId">Its id.</param>
/// <param name="OccurredAt">When the node saw it, UTC.</param>
/// <param name="Node">The node.</param>
/// <param name="Trunk">The trunk.</param>
/// <param name="Server">The server.</param>
/// <param name="ServersUp">How many servers of the trunk are up from then on; 0: the trunk is down.</param>
/// <param name="Servers">How many are asked.</param>
/// <param name="Reason">What showed that it is down; null when it came up.</param>
/// <param name="DownSince">Since when it was down, UTC; null when it went down, and when a node found it up at its start.</param>
public sealed record TrunkEventObject(
    string Type, Guid EventId, DateTimeOffset OccurredAt, string Node, string Trunk, string Server, int ServersUp, int Servers, string? Reason, DateTimeOffset? DownSince)
{
    internal TrunkEventObject(TrunkEvent e)
        : this(e.TypeName, e.EventId, e.OccurredAt, e.Node, e.Trunk, e.Server, e.ServersUp, e.Servers, (e as TrunkDown)?.Reason, (e as TrunkUp)?.DownSince)
    {
    }
}
