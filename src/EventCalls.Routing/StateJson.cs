using System.Text.Json.Serialization;

namespace EventCalls.Routing;

[JsonSerializable(typeof(string))]
internal sealed partial class StateJson : JsonSerializerContext;
