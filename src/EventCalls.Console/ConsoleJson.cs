using System.Text.Json.Serialization;
using EventCalls.Console.Health;

namespace EventCalls.Console;

/// <summary>How what is the console's own is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
