namespace EventCalls.Bus;

/// <summary>The broker answers, but refuses what we need of it, and would refuse it again: the message names what, why and the remedy.</summary>
public sealed class BusRefusedException(string message, Exception? inner = null) : Exception(message, inner);
