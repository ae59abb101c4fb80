using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>Reads decisions strictly.</summary>
/// <param name="valuesAsText">Whether a number, and true or false, may also be given as text, as every value of the configuration is.</param>
/// <param name="speech">What is done with what is to be spoken.</param>
internal sealed partial class DecisionReader(bool valuesAsText = false, SpeechUse speech = SpeechUse.Refuse)
{
    private const string Utterance = "utterance";

    private static readonly string[] s_speech = [Utterance, "content", "listen", "variant"];

    private List<string>? _ignored;

    /// <summary>Reads a whole decision.</summary>
    /// <exception cref="DecisionFormatException">It is none.</exception>
    public DecisionDocument Document(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            Speech("decision", "text");
            return new DecisionDocument { IgnoredSpeech = _ignored ?? [] };
        }

        Expect(json, JsonValueKind.Object, "decision", "an object");
        string? flow = null;
        Dictionary<string, JsonElement>? state = null;
        HandoffObject? handoff = null;
        bool hangsUp = false;
        string? prompt = null;
        var fallbacks = new List<Contracts.Handoff>();
        foreach (var property in json.EnumerateObject())
        {
            bool isNull = property.Value.ValueKind == JsonValueKind.Null;
            switch (property.Name)
            {
                case "flow" or "goto_flow" or "handoff" or "hangup" when isNull:
                    break;
                case "flow" or "goto_flow" when flow is not null:
                    throw new DecisionFormatException(property.Name, "names a flow a second time; flow and goto_flow are the same, give one.");
                case "flow" or "goto_flow":
                    flow = Text(property.Value, property.Name);
                    break;
                case "state":
                    state = State(property.Value);
                    break;
                case "hangup":
                    hangsUp = Bool(property.Value, "hangup");
                    break;
                case "handoff":
                    handoff = ReadHandoff(property.Value);
                    break;
                case "fallbacks":
                    Fallbacks(property.Value, fallbacks);
                    break;
                case Utterance when AsPrompt(property.Value) is { } file:
                    prompt = file;
                    break;
                case var name when s_speech.Contains(name):
                    if (!isNull)
                        Speech(name, name);
                    break;
                default:
                    throw new DecisionFormatException(Shown(property.Name), "is not known; a decision has flow, state, handoff and fallbacks, or hangup.");
            }
        }

        if (hangsUp && handoff is not null)
            throw new DecisionFormatException("hangup", "is given beside a handoff; give one of them.");
        if (handoff is null && !hangsUp && fallbacks.Count > 0)
            throw new DecisionFormatException("fallbacks", "needs a handoff to fall back from.");
        Contracts.Handoff? step = hangsUp ? new() { Method = HandoffMethod.Bye } : handoff?.Step;
        if (prompt is not null)
        {
            if (step is null && handoff?.Named is null)
                throw new DecisionFormatException(Utterance, "is played before a handoff, and there is none: give one beside it.");
            step = step is null ? null : WithPrompt(step, prompt, Utterance);
            handoff = handoff?.Named is { } destination ? handoff with { Named = destination with { Prompt = prompt } } : handoff;
        }
        return new DecisionDocument
        {
            Flow = flow,
            State = state,
            Reason = handoff?.Reason,
            Named = handoff?.Named is { } named ? named with { Fallbacks = fallbacks } : null,
            Steps = step is null ? [] : [step, .. fallbacks],
            IgnoredSpeech = _ignored ?? [],
        };
    }

    /// <summary>Reads <c>{"invite": {…}}</c> and its like.</summary>
    /// <exception cref="DecisionFormatException">It is none.</exception>
    public Contracts.Handoff Step(JsonElement json, string path)
    {
        Expect(json, JsonValueKind.Object, path, "an object");
        return Step([.. json.EnumerateObject()], path);
    }

    /// <summary>Reads <c>{"reason": "…", "invite": {…}}</c>, with a method.</summary>
    /// <exception cref="DecisionFormatException">It is none.</exception>
    public (Contracts.Handoff Step, string? Reason) StepWithReason(JsonElement json)
    {
        var handoff = ReadHandoff(json);
        return (handoff.Step ?? throw NoMethod([], "handoff"), handoff.Reason);
    }

    /// <summary>Reads the parameters of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="json">An object of parameters.</param>
    /// <param name="path">Its place, for errors.</param>
    /// <param name="isWhole">Whether what the method cannot do without must be there; false where a destination has it.</param>
    /// <exception cref="DecisionFormatException">They are none.</exception>
    public Contracts.Handoff Parameters(HandoffMethod method, JsonElement json, string path, bool isWhole = true)
    {
        Expect(json, JsonValueKind.Object, path, "an object");
        var step = new Contracts.Handoff { Method = method };
        var fields = HandoffFields.Of(method);
        foreach (var property in json.EnumerateObject())
        {
            string at = $"{path}.{Shown(property.Name)}";
            if (property.Name == "outbound_encryption")
                throw new DecisionFormatException(at, "is not chosen by call: the endpoint says it, by the transport in Trunks:NAME:To (;transport=tls or sips:); leave it out and name an outbound_endpoint that is so.");
            var field = fields.FirstOrDefault(f => f.Name == property.Name)
                ?? throw new DecisionFormatException(at, $"is not known; {WireName.Of(method)} has {string.Join(", ", fields)}.");
            if (property.Value.ValueKind == JsonValueKind.Null)
                continue;
            var value = Value(field, property.Value, at);
            if (value is not "" || !field.EmptyIsNone)
                step = field.With(step, value);
        }

        var missing = isWhole ? fields.FirstOrDefault(f => f.RequiredBy == method && f.Of(step) is null) : null;
        if (missing is null || (method == HandoffMethod.Refer && step.PhoneNumber is not null))
            return step;
        throw new DecisionFormatException($"{path}.{missing}", method == HandoffMethod.Refer ? "is missing; give it, or a phone_number alone." : "is missing.");
    }

    // A handoff is a method with its parameters, or a destination by name, for which the call may give parameters of its own.
    private HandoffObject ReadHandoff(JsonElement json)
    {
        Expect(json, JsonValueKind.Object, "handoff", "an object");
        var named = new NamedHandoff();
        bool isNamed = false;
        string? reason = null;
        var methods = new List<JsonProperty>();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null && !WireName.TryParse<HandoffMethod>(property.Name, out _))
                continue;
            switch (property.Name)
            {
                case "reason":
                    reason = Text(property.Value, "handoff.reason");
                    if (DecisionValidation.ReasonError(reason) is { } error)
                        throw new DecisionFormatException("handoff.reason", error["handoff.reason: ".Length..]);
                    break;
                case "type":
                    (named, isNamed) = (named with { Destination = Text(property.Value, "handoff.type") }, true);
                    break;
                case "route":
                    named = named with { Route = Text(property.Value, "handoff.route") };
                    break;
                case "sip_headers":
                    named = named with { Headers = Headers(property.Value, "handoff.sip_headers") };
                    break;
                case Utterance when AsPrompt(property.Value) is { } file:
                    named = named with { Prompt = file };
                    break;
                case var name when s_speech.Contains(name):
                    Speech($"handoff.{name}", name);
                    break;
                default:
                    methods.Add(property);
                    break;
            }
        }

        if (!isNamed && methods.Count > 0)
        {
            if (named.Route is not null || named.Headers.Count > 0)
                throw new DecisionFormatException(named.Route is not null ? "handoff.route" : "handoff.sip_headers", "is for a destination by its name (type); with a method of your own give it among that one's parameters.");
            var step = Step(methods, "handoff");
            return new HandoffObject(named.Prompt is null ? step : WithPrompt(step, named.Prompt, $"handoff.{Utterance}"), null, reason);
        }

        if (methods.Count > 1 || (methods.Count == 1 && !WireName.TryParse<HandoffMethod>(methods[0].Name, out _)))
            throw NoMethod(methods, "handoff");
        if (methods.Count == 1)
        {
            WireName.TryParse<HandoffMethod>(methods[0].Name, out var method);
            named = named with { Given = Parameters(method, methods[0].Value, $"handoff.{methods[0].Name}", isWhole: false) };
        }

        return new HandoffObject(null, named, reason);
    }

    private Contracts.Handoff Step(List<JsonProperty> properties, string path)
    {
        if (properties.Exists(p => p.Name == "type"))
            throw new DecisionFormatException($"{path}.type", "names a destination, which only the handoff itself can; give here the method with its parameters, as in {\"refer\": {\"refer_to\": \"sip:…\"}}.");
        if (properties.Count != 1 || !WireName.TryParse<HandoffMethod>(properties[0].Name, out _))
            throw NoMethod(properties, path);
        WireName.TryParse<HandoffMethod>(properties[0].Name, out var method);
        return Parameters(method, properties[0].Value, $"{path}.{properties[0].Name}");
    }

    private static DecisionFormatException NoMethod(List<JsonProperty> properties, string path)
    {
        string given = properties.Count == 0 ? "nothing" : string.Join(", ", properties.Select(p => Shown(p.Name)));
        return new DecisionFormatException(path, $"must hold exactly one of {string.Join(", ", WireName.All<HandoffMethod>())}; it holds {given}.");
    }

    // An utterance that is recorded needs nobody who speaks.
    private static string? AsPrompt(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { } text && PromptName.WhyNot(text) is null ? text : null;

    private static Contracts.Handoff WithPrompt(Contracts.Handoff step, string prompt, string path)
    {
        if (!HandoffFields.Of(step.Method).Any(static f => f.Name == "prompt"))
            throw new DecisionFormatException(path, $"is played before a handoff by invite, refer or bye; {WireName.Of(step.Method)} answers nobody.");
        return step with { Prompt = prompt };
    }

    private void Speech(string path, string name)
    {
        if (speech == SpeechUse.Refuse)
            throw new DecisionFormatException(path, "is speech, and nothing here speaks: return the handoff or the flow alone, and leave what is said to the voice agent, or name a WAV file of Media:Prompts; Routing:Speech = ignore passes it over.");
        (_ignored ??= []).Add(name);
    }

    private sealed record HandoffObject(Contracts.Handoff? Step, NamedHandoff? Named, string? Reason);
}
