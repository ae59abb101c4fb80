namespace EventCalls.Routing.Limits;

/// <summary>Ends a decision that is over its time or memory limit.</summary>
internal sealed class LogicOverrunException() : Exception("The decision is over its limit.");
