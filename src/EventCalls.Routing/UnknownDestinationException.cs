namespace EventCalls.Routing;

/// <summary>Logic named a handoff destination that is not configured.</summary>
internal sealed class UnknownDestinationException(string message) : InvalidOperationException(message);
