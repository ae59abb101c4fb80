namespace EventCalls.Host.Composition;

/// <summary>A figure of the process as it is now; what is named <c>_total</c> only grows.</summary>
internal readonly record struct Figure(string Name, string Help, double Value, params (string Name, string Value)[] Labels);
