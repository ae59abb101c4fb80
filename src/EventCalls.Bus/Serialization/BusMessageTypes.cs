using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using EventCalls.Contracts;

namespace EventCalls.Bus.Serialization;

/// <summary>The types that travel as plain JSON, and how each is written.</summary>
internal static class BusMessageTypes
{
    private static readonly FrozenDictionary<Type, JsonTypeInfo> s_json = Events
        .Select(t => (t, Json: CallEventJson.Default.GetTypeInfo(t)!))
        .Concat(new[] { typeof(RerouteCall), typeof(NodeHeartbeat), typeof(RecorderProbe), typeof(LogicVersionLoaded), typeof(TrunkDown), typeof(TrunkUp), typeof(CallCommand), typeof(CommandAnswer) }.Select(t => (t, Json: BusMessageJson.Default.GetTypeInfo(t)!)))
        .ToFrozenDictionary(x => x.t, x => x.Json);

    /// <summary>The events.</summary>
    public static IEnumerable<Type> Events => CallEventNames.All.Select(e => e.Type);

    /// <summary>All of them.</summary>
    public static IEnumerable<Type> All => s_json.Keys;

    /// <summary>How the type is written.</summary>
    public static JsonTypeInfo JsonOf(Type type) =>
        s_json.TryGetValue(type, out var json) ? json : throw new NotSupportedException($"{type} is no message of this bus.");

    /// <summary>How the type is read; null when it is none of ours.</summary>
    public static JsonTypeInfo? FindJson(Type type) => s_json.GetValueOrDefault(type);
}
