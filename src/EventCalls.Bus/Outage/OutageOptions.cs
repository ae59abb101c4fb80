namespace EventCalls.Bus.Outage;

/// <summary>Whose route it is, and how long the broker is waited for.</summary>
/// <param name="Node">The node's name: its calls are decided here.</param>
/// <param name="Broker">The broker, for people.</param>
/// <param name="Patience">How long the broker may take to confirm before it counts as away.</param>
public sealed record OutageOptions(string Node, string Broker, TimeSpan Patience);
