using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventCalls.Bus.Serialization;

/// <summary>One growing buffer for each thread that serialises.</summary>
internal static class JsonOutput
{
    private const int KeepAtMost = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    /// <summary>An empty buffer, the caller's until the thread asks again.</summary>
    public static ArrayBufferWriter<byte> Rent()
    {
        if (t_buffer is null || t_buffer.Capacity > KeepAtMost)
            t_buffer = new ArrayBufferWriter<byte>(4096);
        t_buffer.ResetWrittenCount();
        return t_buffer;
    }

    /// <summary>Writes the value as its JSON type information says.</summary>
    public static void Write(IBufferWriter<byte> output, object value, JsonTypeInfo json)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        JsonSerializer.Serialize(writer, value, json);
    }
}
