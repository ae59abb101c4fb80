using EventCalls.Contracts;
using MassTransit;

namespace EventCalls.Bus.Topology;

/// <summary>The routing keys of the messages that go to one of many: our queues bind what they act on, and <see cref="All"/> is everything.</summary>
internal static class BusKeys
{
    /// <summary>A call to decide; the routers' queue binds it.</summary>
    public const string Ask = "ask";

    /// <summary>What who wants to know binds.</summary>
    public const string All = "#";

    private const string Decided = "decided";
    private const string Taken = "taken.";

    /// <summary>Sets the key of a message: a call to decide or one that is decided already, a handoff for a node or one that it has taken already.</summary>
    public static void Set<T>(SendContext<T> send, bool isActedOn)
        where T : class
    {
        if (send.Message is CallStarted)
            send.TrySetRoutingKey(isActedOn ? Decided : Ask);
        else if (send.Message is HandoffRequested handoff)
            send.TrySetRoutingKey(isActedOn ? Taken + handoff.Node : handoff.Node);
    }
}
