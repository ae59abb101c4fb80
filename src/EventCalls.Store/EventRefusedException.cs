using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>The database does not take the data of an event, and would not take it later either.</summary>
public sealed class EventRefusedException(string message, Exception? inner = null) : SameAgainException(message, inner);
