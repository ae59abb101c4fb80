using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Host.Commands.Doctor;
using EventCalls.Replay.Audit;
using EventCalls.Replay.Canary;
using EventCalls.Replay.Nightly;
using EventCalls.Replay.Shadow;
using EventCalls.Simulation.Live;

namespace EventCalls.Host.Commands;

/// <summary>How what is the program's own is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InUtc)])]
[JsonSerializable(typeof(DemoObject))]
[JsonSerializable(typeof(DoctorObject))]
[JsonSerializable(typeof(ListedKey))]
[JsonSerializable(typeof(LogicActivation))]
[JsonSerializable(typeof(CanaryRecord))]
[JsonSerializable(typeof(CanaryStatus))]
[JsonSerializable(typeof(NightlyResult))]
[JsonSerializable(typeof(ShadowRecord))]
[JsonSerializable(typeof(ValueChange))]
internal sealed partial class HostJson : JsonSerializerContext;

/// <summary>A key of the configuration as JSON.</summary>
/// <param name="Key">The key with its section.</param>
/// <param name="Takes">What values it takes, in words.</param>
/// <param name="Default">What it is when nothing is said, in words; null for nothing.</param>
/// <param name="Says">What it is for.</param>
internal sealed record ListedKey(string Key, string Takes, string? Default, string Says);
