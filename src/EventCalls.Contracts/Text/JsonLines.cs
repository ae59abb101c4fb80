using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventCalls.Contracts;

/// <summary>Writes JSON objects, one a line; what acts on a terminal is escaped in them.</summary>
public sealed class JsonLines(TextWriter output)
{
    // A terminal or a file is no HTML page: '<', '>' and '+', which SIP is full of, stay readable.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    /// <summary>Writes one object; its members are what <paramref name="members"/> writes.</summary>
    public void WriteObject(Action<Utf8JsonWriter> members)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer, s_options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        output.Write(PlainText.OfJson(Encoding.UTF8.GetString(_buffer.WrittenSpan)));
        output.Write('\n');
    }
}
