namespace EventCalls.Console;

/// <summary>A figure of the process as it is now.</summary>
/// <param name="Name">Its name for Prometheus, such as <c>eventcalls_calls_active</c>.</param>
/// <param name="Help">What it counts, one sentence.</param>
/// <param name="Value">How much.</param>
/// <param name="Label">A label and its value; null for none.</param>
public sealed record Gauge(string Name, string Help, double Value, (string Name, string Value)? Label = null);
