using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console;

/// <summary>JSON that people can read at the other end of a curl: <c>+15551234567</c> and <c>'support'</c> stand there as they are, and not as <c>\u002B15551234567</c>; what begins markup stays escaped.</summary>
internal static class PlainJson
{
    private const int EscapeLength = 6;

    // It never leaves +, ' and \" as they are, whatever is allowed.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The answer to a request.</summary>
    public static IResult Of<T>(T value, JsonTypeInfo<T> type, int statusCode = StatusCodes.Status200OK) => new Answer(Bytes(value, type), statusCode);

    /// <summary>A value in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Bytes<T>(T value, JsonTypeInfo<T> type) => Bytes(writer => JsonSerializer.Serialize(writer, value, type));

    /// <summary>What is written, in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
            write(writer);
        // It is written nowhere else yet.
        byte[] json = buffer.WrittenSpan.ToArray();
        return json.AsMemory(0, Shorten(json));
    }

    // A backslash never stands alone: what follows belongs to it.
    private static int Shorten(byte[] json)
    {
        int to = 0;
        for (int from = 0; from < json.Length;)
        {
            var rest = json.AsSpan(from);
            if (rest[0] != '\\')
            {
                int plain = rest.IndexOf((byte)'\\') is >= 0 and var next ? next : rest.Length;
                rest[..plain].CopyTo(json.AsSpan(to));
                (from, to) = (from + plain, to + plain);
            }
            else if (rest.StartsWith("\\u002B"u8) || rest.StartsWith("\\u0027"u8))
            {
                json[to++] = (byte)(rest[EscapeLength - 1] == 'B' ? '+' : '\'');
                from += EscapeLength;
            }
            else if (rest.StartsWith("\\u0022"u8))
            {
                "\\\""u8.CopyTo(json.AsSpan(to));
                (from, to) = (from + EscapeLength, to + 2);
            }
            else
            {
                rest[..2].CopyTo(json.AsSpan(to));
                (from, to) = (from + 2, to + 2);
            }
        }
        return to;
    }

    private sealed class Answer(ReadOnlyMemory<byte> body, int statusCode) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = statusCode;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = body.Length;
            await response.BodyWriter.WriteAsync(body, httpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
