using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <content>The values of parameters.</content>
internal sealed partial class DecisionReader
{
    private object Value(HandoffField field, JsonElement json, string path) => field.Kind switch
    {
        HandoffValue.Number => Number(json, path),
        HandoffValue.Flag => Flag(json, path),
        HandoffValue.Texts => Texts(json, path),
        HandoffValue.Headers => Headers(json, path),
        _ => Text(json, path),
    };

    private void Fallbacks(JsonElement json, List<Contracts.Handoff> fallbacks)
    {
        Expect(json, JsonValueKind.Array, "fallbacks", "an array, in the order to try");
        foreach (var item in json.EnumerateArray())
            fallbacks.Add(Step(item, $"fallbacks[{fallbacks.Count}]"));
    }

    private static Dictionary<string, JsonElement> State(JsonElement json)
    {
        Expect(json, JsonValueKind.Object, "state", "an object");
        var state = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
            state[property.Name] = property.Value.Clone();
        return state;
    }

    private static List<SipHeader> Headers(JsonElement json, string path)
    {
        Expect(json, JsonValueKind.Object, path, "an object of names and values");
        var headers = new List<SipHeader>();
        foreach (var property in json.EnumerateObject())
        {
            string at = $"{path}[{Shown(property.Name)}]";
            if (property.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (property.Value.ValueKind != JsonValueKind.Array)
            {
                headers.Add(new SipHeader(property.Name, Scalar(property.Value, at)));
                continue;
            }

            foreach (var value in property.Value.EnumerateArray())
                headers.Add(new SipHeader(property.Name, Scalar(value, at)));
        }

        return headers;
    }

    private static List<string> Texts(JsonElement json, string path)
    {
        Expect(json, JsonValueKind.Array, path, "an array of numbers or URIs, best first");
        return [.. json.EnumerateArray().Select((c, i) => Text(c, $"{path}[{i}]"))];
    }

    private static string Text(JsonElement json, string path)
    {
        Expect(json, JsonValueKind.String, path, "a string");
        return json.GetString()!;
    }

    // As JSON writes them: 42, 1.50, true.
    private static string Scalar(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => json.GetRawText(),
        _ => throw new DecisionFormatException(path, $"must be a text, a number, true or false; it is {Kind(json)}."),
    };

    private static bool Bool(JsonElement json, string path) => json.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? json.GetBoolean()
        : throw new DecisionFormatException(path, $"must be true or false; it is {Kind(json)}.");

    // Configuration has texts alone.
    private bool Flag(JsonElement json, string path) =>
        valuesAsText && json.ValueKind == JsonValueKind.String && bool.TryParse(json.GetString(), out bool parsed) ? parsed : Bool(json, path);

    private int Number(JsonElement json, string path)
    {
        if (valuesAsText && json.ValueKind == JsonValueKind.String
            && int.TryParse(json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int parsed))
            return parsed;
        return json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int number)
            ? number
            : throw new DecisionFormatException(path, $"must be a whole number; it is {Kind(json)}.");
    }

    private static void Expect(JsonElement json, JsonValueKind kind, string path, string what)
    {
        if (json.ValueKind != kind)
            throw new DecisionFormatException(path, $"must be {what}; it is {Kind(json)}.");
    }

    private static string Kind(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the text '{Shown(json.GetString())}'",
        JsonValueKind.Number => json.GetRawText().Length <= 30 ? json.GetRawText() : "a number",
        JsonValueKind.True or JsonValueKind.False => json.GetRawText(),
        _ => "null",
    };

    private static string Shown(string? text) => TargetForm.Shown(text);
}
