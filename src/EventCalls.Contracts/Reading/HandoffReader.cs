using System.Text;
using System.Text.Json;

namespace EventCalls.Contracts.Reading;

/// <summary>Reads the steps of a handoff as they are stored, and SIP headers.</summary>
internal static class HandoffReader
{
    private static readonly (byte[] Name, HandoffField Field)[] s_fields = [.. HandoffFields.All.Select(f => (Encoding.UTF8.GetBytes(f.StoredName), f))];

    [ThreadStatic]
    private static object?[]? t_values;

    public static Handoff[]? Steps(ref Utf8JsonReader reader, TextPool pool)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        Expect(ref reader, JsonTokenType.StartArray);
        var steps = new List<Handoff>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            steps.Add(Step(ref reader, pool));
        Expect(ref reader, JsonTokenType.EndArray);
        return [.. steps];
    }

    public static SipHeader[]? Headers(ref Utf8JsonReader reader, TextPool pool)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        Expect(ref reader, JsonTokenType.StartArray);
        var headers = new List<SipHeader>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string? name = null, value = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("name"u8))
                {
                    reader.Read();
                    name = pool.Get(ref reader);
                }
                else if (reader.ValueTextEquals("value"u8))
                {
                    reader.Read();
                    value = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }
            headers.Add(new SipHeader(EventFields.Need(name, "name of a header"), EventFields.Need(value, "value of a header")));
        }
        Expect(ref reader, JsonTokenType.EndArray);
        return [.. headers];
    }

    public static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
            throw new JsonException($"{reader.TokenType} stands where {type} should");
    }

    private static Handoff Step(ref Utf8JsonReader reader, TextPool pool)
    {
        HandoffMethod? method = null;
        var values = t_values ??= new object?[s_fields.Length];
        Array.Clear(values);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                method = WireName.Read<HandoffMethod>(ref reader);
                continue;
            }
            int i = IndexOf(reader.ValueSpan);
            reader.Read();
            if (i >= 0)
                values[i] = Value(ref reader, s_fields[i].Field.Kind, pool);
            else
                reader.Skip();
        }
        return HandoffFields.Step(EventFields.Need(method, "method of a step"), values);
    }

    private static int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < s_fields.Length; i++)
        {
            if (name.SequenceEqual(s_fields[i].Name))
                return i;
        }
        return -1;
    }

    private static object? Value(ref Utf8JsonReader reader, HandoffValue kind, TextPool pool) => kind switch
    {
        HandoffValue.Number => reader.TokenType == JsonTokenType.Null ? null : reader.GetInt32(),
        HandoffValue.Flag => reader.TokenType == JsonTokenType.Null ? null : reader.GetBoolean(),
        HandoffValue.Texts => Texts(ref reader),
        HandoffValue.Headers => Headers(ref reader, pool),
        _ => pool.Get(ref reader),
    };

    private static string[]? Texts(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        Expect(ref reader, JsonTokenType.StartArray);
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(EventFields.Need(reader.GetString(), "contact"));
        return [.. texts];
    }
}
