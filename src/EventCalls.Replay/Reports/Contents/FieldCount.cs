namespace EventCalls.Replay.Reports;

/// <summary>How many calls differ in a field, named as <see cref="Calls.FieldChange.Field"/> says.</summary>
public sealed record FieldCount(string Field, long Calls);
