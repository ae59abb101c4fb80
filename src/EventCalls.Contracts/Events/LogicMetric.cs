namespace EventCalls.Contracts;

/// <summary>A figure that routing logic gave with a decision.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">How much.</param>
public sealed record LogicMetric(string Name, double Value);
