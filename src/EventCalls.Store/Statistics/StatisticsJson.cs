using System.Text.Json.Serialization;

namespace EventCalls.Store.Statistics;

/// <summary>How stores keep counts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate)]
[JsonSerializable(typeof(StatisticsCell))]
public sealed partial class StatisticsJson : JsonSerializerContext;
