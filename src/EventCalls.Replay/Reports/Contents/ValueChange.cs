namespace EventCalls.Replay.Reports;

/// <summary>How many calls of a group differ in a field in this very way.</summary>
/// <param name="Field">As <see cref="Calls.FieldChange.Field"/> says.</param>
/// <param name="Was">As recorded, cut when long; null where there was none.</param>
/// <param name="Now">As the candidate has it, cut when long; null where there is none.</param>
/// <param name="Calls">How many calls.</param>
public sealed record ValueChange(string Field, string? Was, string? Now, long Calls);
