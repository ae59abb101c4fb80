namespace EventCalls.Replay.Reports;

/// <summary>Calls that cannot be decided again for the same reason.</summary>
/// <param name="Unrecorded">What was read that had not been recorded, in words.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Examples">The first few calls.</param>
public sealed record UnrecordedGroup(string Unrecorded, long Calls, IReadOnlyList<Guid> Examples);
