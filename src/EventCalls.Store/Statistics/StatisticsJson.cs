using System.Text.Json.Serialization;

namespace EventCalls.Store.Statistics;

/// <summary>How stores keep counts, and how they are shown to programs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate)]
[JsonSerializable(typeof(StatisticsCell))]
[JsonSerializable(typeof(StatisticsObject))]
public sealed partial class StatisticsJson : JsonSerializerContext;
