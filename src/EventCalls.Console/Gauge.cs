namespace EventCalls.Console;

/// <summary>A figure of the process as it is now.</summary>
/// <param name="Name">Its name for Prometheus, such as <c>eventcalls_calls_active</c>.</param>
/// <param name="Help">What it counts, one sentence.</param>
/// <param name="Value">How much.</param>
/// <param name="Labels">Labels and their values.</param>
public sealed record Gauge(string Name, string Help, double Value, params (string Name, string Value)[] Labels)
{
    /// <summary>Whether it counts from the start of the process and never goes down.</summary>
    public bool OnlyGrows { get; init; }
}
