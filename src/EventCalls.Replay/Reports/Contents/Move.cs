namespace EventCalls.Replay.Reports;

/// <summary>How many calls went from here to there.</summary>
/// <param name="From">The flow or target as recorded.</param>
/// <param name="To">As the candidate decides; the same as <paramref name="From"/> where it stayed.</param>
/// <param name="Calls">How many calls.</param>
public sealed record Move(string From, string To, long Calls);
