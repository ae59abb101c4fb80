using System.Text.Json.Serialization;

namespace EventCalls.Import.Csv;

/// <summary>The JSON of a text.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class StateText : JsonSerializerContext;
