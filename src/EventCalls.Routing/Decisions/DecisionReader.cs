using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>Reads decisions strictly.</summary>
/// <param name="numbersAsText">Whether a number may also be given as text, as every value of the configuration is.</param>
internal sealed class DecisionReader(bool numbersAsText = false)
{
    private static readonly string[] s_methods = ["invite", "refer", "bye", "redirect", "reject"];

    /// <summary>Reads a whole decision.</summary>
    /// <exception cref="DecisionFormatException">It is none.</exception>
    public DecisionDocument Document(JsonElement json)
    {
        Expect(json, JsonValueKind.Object, "decision", "an object");
        string? flow = null;
        Dictionary<string, JsonElement>? state = null;
        Contracts.Handoff? handoff = null;
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
                    handoff = Step(property.Value, "handoff");
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
        return new DecisionDocument { Flow = flow, State = state, Steps = handoff is null ? [] : [handoff, .. fallbacks] };
    }

    /// <summary>Reads <c>{"invite": {…}}</c> and its like.</summary>
    /// <exception cref="DecisionFormatException">It is none.</exception>
    public Contracts.Handoff Step(JsonElement json, string path)
    {
        Expect(json, JsonValueKind.Object, path, "an object");
        var properties = json.EnumerateObject().ToList();
        if (properties.Count != 1 || Array.IndexOf(s_methods, properties[0].Name) < 0)
        {
            string given = properties.Count == 0 ? "nothing" : string.Join(", ", properties.Select(p => Shown(p.Name)));
            throw new DecisionFormatException(path, $"must hold exactly one of {string.Join(", ", s_methods)}; it holds {given}.");
        }

        string method = properties[0].Name;
        return Parameters(method, properties[0].Value, $"{path}.{method}");
    }

    private Contracts.Handoff Parameters(string method, JsonElement json, string path)
    {
        Expect(json, JsonValueKind.Object, path, "an object");
        var step = new Contracts.Handoff
        {
            Method = method switch
            {
                "invite" => HandoffMethod.Invite,
                "refer" => HandoffMethod.Refer,
                "bye" => HandoffMethod.Bye,
                "redirect" => HandoffMethod.Redirect,
                _ => HandoffMethod.Reject,
            },
        };
        foreach (var property in json.EnumerateObject())
        {
            string at = $"{path}.{Shown(property.Name)}";
            var value = property.Value;
            if (value.ValueKind == JsonValueKind.Null && Fields(method).Contains(property.Name))
                continue;
            step = (method, property.Name) switch
            {
                (_, "sip_headers") => step with { SipHeaders = Headers(value, at) },
                ("invite" or "refer", "phone_number") => step with { PhoneNumber = Text(value, at) },
                ("invite", "outbound_caller_id") => step with { OutboundCallerId = Text(value, at) is { Length: > 0 } id ? id : null },
                ("invite" or "refer" or "redirect", "outbound_endpoint") => step with { OutboundEndpoint = Text(value, at) },
                ("invite", "ring_timeout") => step with { RingTimeoutSeconds = Number(value, at) },
                ("refer", "refer_to") => step with { ReferTo = Text(value, at) },
                ("refer", "notify_timeout") => step with { NotifyTimeoutSeconds = Number(value, at) },
                ("redirect", "contacts") => step with { Contacts = Contacts(value, at) },
                ("reject", "status") => step with { Status = Number(value, at) },
                ("bye" or "reject", "reason") => step with { Reason = Text(value, at) },
                _ => throw new DecisionFormatException(at, $"is not known; {method} has {string.Join(", ", Fields(method))}."),
            };
        }

        string? required = method switch { "invite" => "phone_number", "refer" => "refer_to", "redirect" => "contacts", "reject" => "status", _ => null };
        bool given = method switch
        {
            "invite" => step.PhoneNumber is not null,
            "refer" => step.ReferTo is not null,
            "redirect" => step.Contacts is not null,
            "reject" => step.Status is not null,
            _ => true,
        };
        return given ? step : throw new DecisionFormatException($"{path}.{required}", "is missing.");
    }

    private static string[] Fields(string method) => method switch
    {
        "invite" => ["phone_number", "outbound_caller_id", "outbound_endpoint", "ring_timeout", "sip_headers"],
        "refer" => ["refer_to", "phone_number", "outbound_endpoint", "notify_timeout", "sip_headers"],
        "redirect" => ["contacts", "outbound_endpoint", "sip_headers"],
        "reject" => ["status", "reason", "sip_headers"],
        _ => ["reason", "sip_headers"],
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

    private static List<string> Contacts(JsonElement json, string path)
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
