namespace EventCalls.Routing.Decisions;

/// <summary>The JSON is no decision; the message begins with the field.</summary>
internal sealed class DecisionFormatException(string field, string message) : Exception($"{field}: {message}");
