using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Console.Values;

/// <summary>What operators have set.</summary>
/// <param name="Number">The number of the last change; 0 before the first.</param>
/// <param name="Values">The values by their names.</param>
internal sealed record ValueList(long Number, IReadOnlyDictionary<string, string> Values);

/// <summary>One value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What it is; null when it was taken away, or never set.</param>
/// <param name="Changes">Who changed it when, the newest first.</param>
internal sealed record ValueWithHistory(string Name, string? Value, IReadOnlyList<ValueChange> Changes);

/// <summary>What a value is to be.</summary>
/// <param name="Value">The value; null takes it away.</param>
/// <param name="Note">What whoever sets it says to it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedValue([property: JsonRequired] string? Value, string? Note);
