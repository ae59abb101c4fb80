namespace EventCalls.Replay.Reports;

/// <summary>A rate and its 95 % confidence interval, all 0–1.</summary>
/// <param name="Value">The rate as observed, or as expected from observed ones.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public sealed record Estimate(double Value, double Low, double High);
