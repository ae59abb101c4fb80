using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>The JSON form of the events: camelCase, enums as snake_case strings, nulls left out. One serializer for bus payload, store and export.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallStarted))]
[JsonSerializable(typeof(CallAnswered))]
[JsonSerializable(typeof(FlowSelected))]
[JsonSerializable(typeof(ReferReceived))]
[JsonSerializable(typeof(HandoffRequested))]
[JsonSerializable(typeof(RoutingFailed))]
[JsonSerializable(typeof(RoutingTimedOut))]
[JsonSerializable(typeof(TransferStarted))]
[JsonSerializable(typeof(TransferProgressed))]
[JsonSerializable(typeof(TransferCompleted))]
[JsonSerializable(typeof(TransferFailed))]
[JsonSerializable(typeof(RecordingStored))]
[JsonSerializable(typeof(RecordingFailed))]
[JsonSerializable(typeof(RecordingPaused))]
[JsonSerializable(typeof(RecordingDiscarded))]
[JsonSerializable(typeof(RecordingStreamed))]
[JsonSerializable(typeof(MonitorStarted))]
[JsonSerializable(typeof(MonitorChanged))]
[JsonSerializable(typeof(MonitorEnded))]
[JsonSerializable(typeof(MediaStatistics))]
[JsonSerializable(typeof(DtmfReceived))]
[JsonSerializable(typeof(StateChanged))]
[JsonSerializable(typeof(CommandTaken))]
[JsonSerializable(typeof(CallEnded))]
[JsonSerializable(typeof(Handoff))]
public sealed partial class CallEventJson : JsonSerializerContext;
