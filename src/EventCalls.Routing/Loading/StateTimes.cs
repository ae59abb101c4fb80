using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace EventCalls.Routing.Loading;

/// <summary>How a call's state is written and read: times without the help of the machine's time zone.</summary>
internal static class StateTimes
{
    /// <summary>Options of their own each time: the serializer's shared cache would hold the types of unloaded logic for ever.</summary>
    public static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        options.Converters.Add(new WithOffset());
        options.Converters.Add(new WithoutOffset());
        options.MakeReadOnly();
        return options;
    }

    // ISO 8601-1 as System.Text.Json reads it: an offset is Z or ±hh:mm behind the time.
    private static bool HasOffset(ReadOnlySpan<char> text)
    {
        int time = text.IndexOf('T');
        return time >= 0 && (text[^1] == 'Z' || text[time..].IndexOfAny('+', '-') > 0);
    }

    private sealed class WithOffset : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            HasOffset(reader.GetString())
                ? reader.GetDateTimeOffset()
                : throw new JsonException($"'{reader.GetString()}' is no time with its offset, such as 2026-03-04T12:00:00+01:00.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed class WithoutOffset : JsonConverter<DateTime>
    {
        // A time with an offset would become the machine's local time.
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            HasOffset(reader.GetString()) ? reader.GetDateTimeOffset().UtcDateTime : reader.GetDateTime();

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
