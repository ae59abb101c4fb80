using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Routing.Fetching;

/// <summary>The JSON of questions and answers.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class FetchJson : JsonSerializerContext
{
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is kept of an answer: it without its spaces, and of an object only these members where any are named.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static string Kept(byte[] body, IReadOnlyList<string> members)
    {
        using var json = JsonDocument.Parse(body);
        var bytes = new ArrayBufferWriter<byte>(body.Length);
        using (var writer = new Utf8JsonWriter(bytes, s_writing))
        {
            if (members.Count == 0 || json.RootElement.ValueKind != JsonValueKind.Object)
            {
                json.RootElement.WriteTo(writer);
            }
            else
            {
                writer.WriteStartObject();
                foreach (var member in json.RootElement.EnumerateObject())
                {
                    if (members.Contains(member.Name, StringComparer.Ordinal))
                        member.WriteTo(writer);
                }

                writer.WriteEndObject();
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
