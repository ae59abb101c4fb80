using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventCalls.Contracts;

/// <summary>Writes JSON objects, one a line; what acts on a terminal is escaped in them.</summary>
/// <param name="output">Where to; stays open.</param>
public sealed class JsonLines(TextWriter output)
{
    // A terminal or a file is no HTML page: '<', '>' and '+', which SIP is full of, stay readable.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    /// <summary>Writes one object.</summary>
    /// <param name="value">The object.</param>
    /// <param name="members">Which members it has, by source generation.</param>
    public void Write<T>(T value, JsonTypeInfo<T> members)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer, s_options))
            JsonSerializer.Serialize(writer, value, members);
        output.Write(PlainText.OfJson(Encoding.UTF8.GetString(_buffer.WrittenSpan)));
        output.Write('\n');
    }
}
