using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventCalls.Contracts;

namespace EventCalls.Replay.Audit;

/// <summary>How calls, their events and their moments are written as JSON: camelCase, enums by their wire names, times in UTC, null for what there is none of.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InUtc)])]
[JsonSerializable(typeof(ListedCall))]
[JsonSerializable(typeof(CallStream))]
[JsonSerializable(typeof(ExportedCall))]
[JsonSerializable(typeof(CallMomentObject))]
public sealed partial class AuditJson : JsonSerializerContext;

/// <summary>Writes a time in UTC, with a Z.</summary>
public sealed class InUtc : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // A date, or a time without an offset, is UTC too, wherever it is read.
        var time = reader.GetDateTime();
        return time.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(time, TimeSpan.Zero) : reader.GetDateTimeOffset();
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.UtcDateTime);
    }
}

/// <summary>Writes a part of an event as events have it: without what there is none of.</summary>
/// <typeparam name="T">Which part.</typeparam>
public sealed class AsInEvents<T> : JsonConverter<T>
{
    private static readonly JsonTypeInfo<T> s_info = (JsonTypeInfo<T>)CallEventJson.Default.GetTypeInfo(typeof(T))!;

    /// <inheritdoc />
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize(ref reader, s_info);

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, s_info);
}
