using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>Reads decisions strictly.</summary>
/// <param name="numbersAsText">Whether a number may also be given as text, as every value of the configuration is.</param>
internal sealed class DecisionReader(bool numbersAsText = false)
{
    /// <summary>Reads a whole decision.</summary>
    /// <exception cref="DecisionFormatException">It is none.</exception>
    public DecisionDocument Document(JsonElement json)
    {
        Expect(json, JsonValueKind.Object, "decision", "an object");
        string? flow = null;
        Dictionary<string, JsonElement>? state = null;
        Contracts.Handoff? handoff = null;
        string? reason = null;
        var fallbacks = new List<Contracts.Handoff>();
        foreach (var property in json.EnumerateObject())
        {
            switch (property.Name)
            {
                case "flow":
                    flow = Text(property.Value, "flow");
                    break;
                case "state":
                    state = State(property.Value);
                    break;
                case "handoff" when property.Value.ValueKind == JsonValueKind.Null:
                    break;
                case "handoff":
                    handoff = Step(WithoutReason(property.Value, ref reason), "handoff");
                    break;
                case "fallbacks":
                    Fallbacks(property.Value, fallbacks);
                    break;
                default:
                    throw new DecisionFormatException(Shown(property.Name), "is not known; a decision has flow, state, handoff and fallbacks.");
            }
        }

        if (handoff is null && fallbacks.Count > 0)
            throw new DecisionFormatException("fallbacks", "needs a handoff to fall back from.");
        return new DecisionDocument { Flow = flow, State = state, Reason = reason, Steps = handoff is null ? [] : [handoff, .. fallbacks] };
    }

    /// <summary>Reads <c>{"invite": {…}}</c> and its like.</summary>
    /// <exception cref="DecisionFormatException">It is none.</exception>
    public Contracts.Handoff Step(JsonElement json, string path)
    {
        Expect(json, JsonValueKind.Object, path, "an object");
        return Step([.. json.EnumerateObject()], path);
    }

    // Beside its method a handoff may say why; a fallback may not, the handoff is one.
    private static List<JsonProperty> WithoutReason(JsonElement json, ref string? reason)
    {
        Expect(json, JsonValueKind.Object, "handoff", "an object");
        var properties = json.EnumerateObject().ToList();
        int at = properties.FindIndex(p => p.Name == "reason");
        if (at < 0)
            return properties;
        if (properties[at].Value.ValueKind != JsonValueKind.Null)
            reason = Text(properties[at].Value, "handoff.reason");
        if (DecisionValidation.ReasonError(reason) is { } error)
            throw new DecisionFormatException("handoff.reason", error["handoff.reason: ".Length..]);
        properties.RemoveAt(at);
        return properties;
    }

    private Contracts.Handoff Step(List<JsonProperty> properties, string path)
    {
        if (properties.Count != 1 || !WireName.TryParse<HandoffMethod>(properties[0].Name, out _))
        {
            string given = properties.Count == 0 ? "nothing" : string.Join(", ", properties.Select(p => Shown(p.Name)));
            throw new DecisionFormatException(path, $"must hold exactly one of {string.Join(", ", WireName.All<HandoffMethod>())}; it holds {given}.");
        }

        WireName.TryParse<HandoffMethod>(properties[0].Name, out var method);
        return Parameters(method, properties[0].Value, $"{path}.{properties[0].Name}");
    }

    private Contracts.Handoff Parameters(HandoffMethod method, JsonElement json, string path)
    {
        Expect(json, JsonValueKind.Object, path, "an object");
        var step = new Contracts.Handoff { Method = method };
        var fields = HandoffFields.Of(method);
        foreach (var property in json.EnumerateObject())
        {
            string at = $"{path}.{Shown(property.Name)}";
            var field = fields.FirstOrDefault(f => f.Name == property.Name)
                ?? throw new DecisionFormatException(at, $"is not known; {WireName.Of(method)} has {string.Join(", ", fields)}.");
            if (property.Value.ValueKind == JsonValueKind.Null)
                continue;
            var value = Value(field, property.Value, at);
            if (value is not "" || !field.EmptyIsNone)
                step = field.With(step, value);
        }
        var missing = fields.FirstOrDefault(f => f.RequiredBy == method && f.Of(step) is null);
        return missing is null ? step : throw new DecisionFormatException($"{path}.{missing}", "is missing.");
    }

    private object Value(HandoffField field, JsonElement json, string path) => field.Kind switch
    {
        HandoffValue.Number => Number(json, path),
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
                headers.Add(new SipHeader(property.Name, Text(property.Value, at)));
                continue;
            }

            foreach (var value in property.Value.EnumerateArray())
                headers.Add(new SipHeader(property.Name, Text(value, at)));
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

    private int Number(JsonElement json, string path)
    {
        if (numbersAsText && json.ValueKind == JsonValueKind.String
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
