namespace EventCalls.Contracts;

/// <summary>What failed would fail in the same way again at once: the bus delivers the message again later, and does not try before.</summary>
public abstract class SameAgainException(string message, Exception? inner = null) : Exception(message, inner);
