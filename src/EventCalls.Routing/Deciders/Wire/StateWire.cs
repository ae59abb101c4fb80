using System.Runtime.InteropServices;
using System.Text.Json;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>A conversation's state: names, and values as the JSON they are.</summary>
internal static class StateWire
{
    public static void Write(WireWriter to, IReadOnlyDictionary<string, JsonElement> state)
    {
        to.Count(state.Count);
        // An enumerator by way of the interface is an allocation for each of two processes.
        if ((state is StateValues values ? values.ToJson() : state) is Dictionary<string, JsonElement> dictionary)
        {
            foreach (var (key, value) in dictionary)
                Write(to, key, value);
            return;
        }

        foreach (var (key, value) in state)
            Write(to, key, value);
    }

    public static IReadOnlyDictionary<string, JsonElement> Read(ref WireReader from)
    {
        int count = from.Count();
        if (count == 0)
            return DecisionRequest.NoState;
        var state = new Dictionary<string, JsonElement>(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string key = from.Name();
            var raw = from.Raw();
            if (raw.IsEmpty)
            {
                state[key] = default;
                continue;
            }

            var json = new Utf8JsonReader(raw, new JsonReaderOptions { MaxDepth = 1024 });
            state[key] = JsonElement.ParseValue(ref json);
        }

        return state;
    }

    private static void Write(WireWriter to, string key, JsonElement value)
    {
        to.Text(key);
        to.Raw(value.ValueKind == JsonValueKind.Undefined ? [] : JsonMarshal.GetRawUtf8Value(value));
    }
}
