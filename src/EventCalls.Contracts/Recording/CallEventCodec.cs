using System.Buffers;
using System.Collections.Frozen;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventCalls.Contracts;

/// <summary>Writes and reads events as lines: the stored name, a space, the JSON, a line feed.</summary>
public static class CallEventCodec
{
    // The store and the bus are no HTML pages: '<', '>' and '+', which every SIP header has, stay one byte.
    private static readonly CallEventJson s_json = new(new JsonSerializerOptions(CallEventJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    // The code that is generated for the types. Options with an encoder lead past it, the general way, which takes twice the time; the encoder that counts is the writer's.
    private static readonly FrozenDictionary<Type, Action<Utf8JsonWriter, CallEvent>> s_writers = CallEventNames.All.ToFrozenDictionary(e => e.Type, e => WriterOf(e.Type));

    private static readonly ArrayBufferWriter<byte> s_nowhere = new();

    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    /// <summary>Appends the event as one line.</summary>
    /// <exception cref="ArgumentException">The event has no id or no call.</exception>
    public static void WriteLine(IBufferWriter<byte> output, CallEvent e)
    {
        e = AsRecorded(e);
        var name = CallEventNames.Of(e);
        var span = output.GetSpan(name.Length + 1);
        for (int i = 0; i < name.Length; i++)
            span[i] = (byte)name[i];
        span[name.Length] = (byte)' ';
        output.Advance(name.Length + 1);
        WriteData(output, e);
        output.GetSpan(1)[0] = (byte)'\n';
        output.Advance(1);
    }

    /// <summary>The event as a line holds it.</summary>
    /// <remarks>A handoff's decision is the event before it in the stream; kept here too it would double every stream's state.</remarks>
    public static CallEvent AsRecorded(CallEvent e) => e is HandoffRequested { Selected: not null } handoff ? handoff with { Selected = null } : e;

    /// <summary>Appends the event's JSON, without its name.</summary>
    /// <exception cref="ArgumentException">The event has no id or no call.</exception>
    public static void WriteData(IBufferWriter<byte> output, CallEvent e)
    {
        if (!e.IsStamped)
            throw new ArgumentException($"An event '{CallEventNames.Of(e)}' without id or call cannot be kept.", nameof(e));
        var writer = t_writer ??= new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        writer.Reset(output);
        s_writers[e.GetType()](writer, e);
        writer.Flush();
        writer.Reset(s_nowhere);
    }

    /// <summary>Reads an event back from its stored name and JSON.</summary>
    /// <exception cref="JsonException">The JSON is not that event's.</exception>
    /// <exception cref="NotSupportedException">The name is unknown to this version.</exception>
    public static CallEvent Read(string name, ReadOnlySpan<byte> data)
    {
        var type = CallEventNames.TypeOf(name)
            ?? throw new NotSupportedException($"The event '{name}' is unknown to this version; a newer one wrote it.");
        return (CallEvent?)JsonSerializer.Deserialize(data, s_json.GetTypeInfo(type)!)
            ?? throw new JsonException($"The event '{name}' is null.");
    }

    /// <summary>Splits the next line off a batch's payload: the stored name and the JSON. False at the end.</summary>
    /// <exception cref="FormatException">A line has no name.</exception>
    public static bool TryReadLine(ref ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> name, out ReadOnlyMemory<byte> data)
    {
        name = data = default;
        if (payload.IsEmpty)
            return false;
        int end = payload.Span.IndexOf((byte)'\n');
        var line = end < 0 ? payload : payload[..end];
        payload = end < 0 ? default : payload[(end + 1)..];
        int space = line.Span.IndexOf((byte)' ');
        if (space <= 0)
            throw new FormatException("A line of an event batch has no name.");
        name = line[..space];
        data = line[(space + 1)..];
        return true;
    }

    private static Action<Utf8JsonWriter, CallEvent> WriterOf(Type type) => typeof(CallEventCodec)
        .GetMethod(nameof(TypedWriterOf), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type)
        .CreateDelegate<Func<Action<Utf8JsonWriter, CallEvent>>>()();

    private static Action<Utf8JsonWriter, CallEvent> TypedWriterOf<T>()
        where T : CallEvent
    {
        var json = (JsonTypeInfo<T>)CallEventJson.Default.GetTypeInfo(typeof(T))!;
        return json.SerializeHandler is { } write ? (writer, e) => write(writer, (T)e) : (writer, e) => JsonSerializer.Serialize(writer, (T)e, json);
    }
}
