namespace EventCalls.Replay;

/// <summary>No process that decides can be started, or none can load the candidate; the replay cannot go on.</summary>
public sealed class NoDeciderException(string message, Exception inner) : Exception(message, inner);
