namespace EventCalls.Store;

/// <summary>Another process runs with this node's name on the same store.</summary>
/// <param name="node">The name.</param>
/// <param name="store">The store, as <see cref="IPastCalls.Description"/> names it.</param>
public sealed class NodeNameTakenException(string node, string store) : Exception(
    $"Another node with the name '{node}' runs on {store}, and the calls of one would be taken for the other's; "
    + "give each node an EventCalls:Node of its own, or end the other process");
