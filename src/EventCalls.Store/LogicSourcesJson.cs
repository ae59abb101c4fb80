using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>How the sources of routing logic are kept: a JSON array of path and text.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<LogicSource>))]
public sealed partial class LogicSourcesJson : JsonSerializerContext
{
    /// <summary>The sources as they are kept, UTF-8.</summary>
    public static byte[] Write(LogicVersionLoaded version) =>
        JsonSerializer.SerializeToUtf8Bytes(version.Sources, Default.IReadOnlyListLogicSource);

    /// <summary>The version whose sources were kept.</summary>
    public static LogicVersionLoaded Version(string version, DateTimeOffset loadedAt, ReadOnlySpan<byte> sources) => new()
    {
        Version = version,
        LoadedAt = loadedAt,
        Sources = JsonSerializer.Deserialize(sources, Default.IReadOnlyListLogicSource)!,
    };
}
