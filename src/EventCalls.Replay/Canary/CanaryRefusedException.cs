namespace EventCalls.Replay.Canary;

/// <summary>A challenger's share cannot be changed so; the message says why.</summary>
public sealed class CanaryRefusedException(string message) : Exception(message);
