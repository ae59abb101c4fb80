namespace EventCalls.Replay.Calls;

/// <summary>A decision of a past call beside the one that came out now.</summary>
/// <param name="Retry">0 for the call's first decision, n for the one after the n-th failed handoff.</param>
/// <param name="Was">As recorded.</param>
/// <param name="Now">As the candidate decides; null when it gave nothing usable.</param>
public sealed record ReplayedDecision(int Retry, Decided Was, Decided? Now);
