using EventCalls.Contracts;

namespace EventCalls.Console;

/// <summary>A trunk: as it is configured here, and as the nodes have it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">From where it may call in; empty when it may not, or is known by what it proves.</param>
/// <param name="To">Where calls out over it go, best first; empty when none do.</param>
public sealed record TrunkObject(string Name, IReadOnlyList<string> From, IReadOnlyList<string> To)
{
    /// <summary>How it is at each node that takes calls and has it.</summary>
    public IReadOnlyList<TrunkAtNode> Nodes { get; init; } = [];
}

/// <summary>How a trunk is at a node.</summary>
/// <param name="Node">The node.</param>
/// <param name="HeardAt">When it said so, UTC.</param>
/// <param name="CallsActive">The calls that came in on it and are open.</param>
/// <param name="MaxCalls">How many may be open; 0 for as many as come.</param>
/// <param name="MaxCallsPerSecond">How many may begin in a second; 0 for as many as come.</param>
/// <param name="Refused">Calls refused for these two since the node began.</param>
/// <param name="RefusedAt">When the last of them was refused, UTC; null when none was.</param>
/// <param name="Servers">Its servers that are asked whether they are there.</param>
/// <param name="Registration">The registration with it; null where the node does not register.</param>
public sealed record TrunkAtNode(
    string Node, DateTimeOffset HeardAt, int CallsActive, int MaxCalls, int MaxCallsPerSecond, long Refused, DateTimeOffset? RefusedAt, IReadOnlyList<TrunkServerReport> Servers, RegistrationReport? Registration);
