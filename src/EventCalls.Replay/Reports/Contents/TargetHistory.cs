using EventCalls.Contracts;

namespace EventCalls.Replay.Reports;

/// <summary>What attempts to reach a target really came to, over all replayed calls.</summary>
/// <param name="Target">As <see cref="HandoffWords.Of(Handoff)"/> names it.</param>
/// <param name="Results">Counted attempts.</param>
/// <param name="Rates">Their rates with Wilson intervals; null when no attempt counts.</param>
public sealed record TargetHistory(string Target, ResultCounts Results, ResultRates? Rates);
