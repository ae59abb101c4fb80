namespace EventCalls.Bus.Topology;

/// <summary>The names of the queues; one place, because every role declares or addresses them.</summary>
public static class BusQueues
{
    /// <summary>Where every role sends what happened.</summary>
    public const string Recorder = "eventcalls-recorder";

    /// <summary>Where every node says that it is alive; apart from what happened, so that a backlog of events makes no node silent.</summary>
    public const string Heartbeats = "eventcalls-heartbeats";

    /// <summary>What the routers share.</summary>
    public const string Router = "eventcalls-router";

    /// <summary>What one node alone consumes.</summary>
    public static string Node(string node) => $"eventcalls-node-{node}";

    /// <summary>Who holds this holds the node's name.</summary>
    public static string Owner(string node) => $"eventcalls-owner-{node}";

    /// <summary>Where a message waits between two deliveries of a queue.</summary>
    public static string Redelivery(string queue) => $"{queue}_redelivery";
}
