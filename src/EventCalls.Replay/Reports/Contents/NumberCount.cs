namespace EventCalls.Replay.Reports;

/// <summary>How many calls a number has.</summary>
public sealed record NumberCount(string Number, long Calls);
