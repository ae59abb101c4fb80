using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Bus.Serialization;

/// <summary>The JSON of the bus messages that are no events; the same rules as <see cref="CallEventJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RerouteCall))]
[JsonSerializable(typeof(NodeHeartbeat))]
[JsonSerializable(typeof(RecorderProbe))]
[JsonSerializable(typeof(LogicVersionLoaded))]
[JsonSerializable(typeof(TrunkDown))]
[JsonSerializable(typeof(TrunkUp))]
[JsonSerializable(typeof(CallCommand))]
[JsonSerializable(typeof(CommandAnswer))]
internal sealed partial class BusMessageJson : JsonSerializerContext;
