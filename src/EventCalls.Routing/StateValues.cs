using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EventCalls.Routing;

/// <summary>The values of a state as a decision left them, turned to JSON when somebody looks: a decision that came out as expected is told by its digest alone.</summary>
/// <param name="values">Each a string or a <see cref="JsonElement"/>; not changed any more.</param>
internal sealed class StateValues(Dictionary<string, object> values) : IReadOnlyDictionary<string, JsonElement>
{
    // In JSON, of one character of UTF-16; of a number or an object the bytes are counted.
    private const int MostBytesAChar = 6;

    private Dictionary<string, JsonElement>? _json;

    public int Count => values.Count;

    public IEnumerable<string> Keys => values.Keys;

    public IEnumerable<JsonElement> Values => ToJson().Values;

    public JsonElement this[string key] => ToJson()[key];

    /// <summary>The values as they are, each a string or a <see cref="JsonElement"/>.</summary>
    public Dictionary<string, object> Raw => values;

    public bool ContainsKey(string key) => values.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonElement value) => ToJson().TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, JsonElement>> GetEnumerator() => ToJson().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As a dictionary of JSON.</summary>
    public Dictionary<string, JsonElement> ToJson()
    {
        if (Volatile.Read(ref _json) is { } known)
            return known;
        var json = new Dictionary<string, JsonElement>(values.Count, StringComparer.Ordinal);
        foreach (var (key, value) in values)
            json[key] = value is string text ? JsonSerializer.SerializeToElement(text, StateJson.Default.String) : (JsonElement)value;
        Volatile.Write(ref _json, json);
        return json;
    }

    /// <summary>How many bytes the names and the JSON take at most, without turning texts to it.</summary>
    public long MostBytes()
    {
        long size = 0;
        foreach (var (key, value) in values)
            size += key.Length + (value is string text ? (MostBytesAChar * (long)text.Length) + 2 : JsonMarshal.GetRawUtf8Value((JsonElement)value).Length);
        return size;
    }
}
