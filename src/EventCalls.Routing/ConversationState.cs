using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing;

/// <summary>Values the logic keeps over the decisions of one call: text, numbers, booleans, or anything that has a JSON form.</summary>
/// <remarks>A value is taken as it is when it is set; changing an object afterwards changes nothing here.</remarks>
public sealed class ConversationState
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal); // string or JsonElement
    private readonly JsonSerializerOptions _json;
    private readonly List<ConversationRead>? _reads;

    internal ConversationState(IReadOnlyDictionary<string, JsonElement> values, JsonSerializerOptions json, List<ConversationRead>? reads)
    {
        _json = json;
        _reads = reads;
        foreach (var (key, value) in values)
            _values[key] = value;
    }

    /// <summary>How many values there are.</summary>
    public int Count => _values.Count;

    /// <summary>The names of the values.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>A value as text: a string as it is, anything else as its JSON; null when absent. Setting null removes it.</summary>
    public string? this[string key]
    {
        get
        {
            string? text = _values.TryGetValue(key, out var value) ? Text(value) : null;
            _reads?.Add(new ConversationRead($"state.{key}", text));
            return text;
        }

        set
        {
            ArgumentNullException.ThrowIfNull(key);
            if (value is null)
                _values.Remove(key);
            else
                _values[key] = value;
        }
    }

    /// <summary>Sets a value of any kind.</summary>
    /// <exception cref="NotSupportedException">It has no JSON form, or one that cannot be kept, such as a number out of the range of double precision.</exception>
    public void Set<T>(string key, T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (value is null)
            _values.Remove(key);
        else if (value is string text)
            _values[key] = text;
        else
            _values[key] = Kept(key, JsonSerializer.SerializeToElement(value, _json));
    }

    /// <summary>A value as <typeparamref name="T"/>; the type's default when absent.</summary>
    /// <exception cref="JsonException">The value is of another kind.</exception>
    public T? Get<T>(string key)
    {
        bool found = _values.TryGetValue(key, out var value);
        _reads?.Add(new ConversationRead($"state.{key}", found ? Text(value!) : null));
        return !found ? default
            : value is T same ? same
            : value is string text ? (T?)FromText(text, typeof(T))
            : ((JsonElement)value!).Deserialize<T>(_json);
    }

    /// <summary>Whether there is a value of that name.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>Removes a value; false when there was none.</summary>
    public bool Remove(string key) => _values.Remove(key);

    /// <summary>The values as they are recorded.</summary>
    public IReadOnlyDictionary<string, JsonElement> ToJson() =>
        _values.Count == 0 ? DecisionRequest.NoState : new StateValues(new Dictionary<string, object>(_values, StringComparer.Ordinal));

    /// <summary>A value as JSON; null when absent. Counts as read.</summary>
    internal JsonElement? Find(string key)
    {
        bool found = _values.TryGetValue(key, out var value);
        _reads?.Add(new ConversationRead($"state.{key}", found ? Text(value!) : null));
        return !found ? null : value is string text ? JsonSerializer.SerializeToElement(text, StateJson.Default.String) : (JsonElement)value!;
    }

    private object? FromText(string text, Type type)
    {
        if (type == typeof(int)) return int.Parse(text, CultureInfo.InvariantCulture);
        if (type == typeof(long)) return long.Parse(text, CultureInfo.InvariantCulture);
        if (type == typeof(double)) return double.Parse(text, CultureInfo.InvariantCulture);
        if (type == typeof(decimal)) return decimal.Parse(text, CultureInfo.InvariantCulture);
        if (type == typeof(bool)) return bool.Parse(text);
        return JsonSerializer.SerializeToElement(text, StateJson.Default.String).Deserialize(type, _json);
    }

    // JSON that logic has read from a header is what the caller likes it to be.
    private static JsonElement Kept(string key, JsonElement value) => KeptJson.Problem(JsonMarshal.GetRawUtf8Value(value)) is { } problem
        ? throw new NotSupportedException($"conv.State cannot keep '{key}': {problem}")
        : value;

    private static string? Text(object value) => value switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        JsonElement { ValueKind: JsonValueKind.Null } => null,
        JsonElement json => json.GetRawText(),
        _ => null,
    };
}
