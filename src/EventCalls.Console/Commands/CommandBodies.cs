using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Commands;

/// <summary>Reads the bodies of commands.</summary>
internal static partial class CommandBodies
{
    /// <summary>The most bytes of a body.</summary>
    public const int MaxBytes = 64 << 10;

    private const int MaxKeys = 256;
    private const int MaxFlow = 200;
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };
    private static readonly Dictionary<string, JsonElement> s_unchanged = [];
    /// <summary>The fields of the body that names a flow.</summary>
    public static readonly string[] FlowFields = ["flow"];

    /// <summary>The fields of a body that may say why.</summary>
    public static readonly string[] ReasonFields = ["reason"];

    /// <summary>The fields of the body that changes a recording.</summary>
    public static readonly string[] RecordingFields = ["action", "reason"];

    private static readonly string[] s_methods = [.. WireName.All<HandoffMethod>()];

    /// <summary>The body, which is to be an object; what is empty is an empty one.</summary>
    public static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        if (bytes.Length == 0)
            return JsonDocument.Parse("{}");
        JsonDocument body;
        try
        {
            var read = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
            if (KeptJson.Problem(read.Span, s_strict.MaxDepth) is { } problem)
                throw Invalid(problem);
            body = JsonDocument.Parse(read, s_strict);
        }
        catch (JsonException e)
        {
            throw new ApiProblemException(400, "No JSON", $"The body is no valid JSON: {PlainText.Of(e.Message)}");
        }
        if (body.RootElement.ValueKind == JsonValueKind.Object)
            return body;
        body.Dispose();
        throw ApiProblemException.Invalid("body", "The body is no JSON object.");
    }

    /// <summary>A decision's JSON with a handoff in it, or a handoff alone: <c>{"invite": {…}}</c>, <c>{"type": "support"}</c>.</summary>
    public static DecisionDocument Decision(JsonElement body, SpeechUse speech)
    {
        if (!body.TryGetProperty("handoff", out _) && body.EnumerateObject().Any(p => p.Name == "type" || s_methods.Contains(p.Name)))
            body = JsonSerializer.SerializeToElement(new JsonObject { ["handoff"] = JsonNode.Parse(body.GetRawText()) });
        if (!DecisionJson.TryRead(body, out var decision, out string? error, speech))
            throw Invalid(error!);
        if (decision!.Flow is not null)
            throw ApiProblemException.Invalid("flow", "flow: a handoff goes to no flow; POST …/flow has the logic decide anew.");
        return decision.Named is not null || decision.Steps.Count > 0
            ? decision
            : throw ApiProblemException.Invalid("handoff", $"handoff: is missing; give one of {string.Join(", ", s_methods)}, or the type of a configured one.");
    }

    /// <summary>The command that a decision comes to.</summary>
    /// <param name="decision">The decision, as read.</param>
    /// <param name="state">The state of the call, of which a destination's headers are made.</param>
    /// <param name="command">What is known of the command.</param>
    /// <param name="sources">What there is to hand off to.</param>
    public static CallCommand Handoff(DecisionDocument decision, IReadOnlyDictionary<string, JsonElement> state, CallCommand command, ConsoleSources sources)
    {
        var now = StateChanged.After(state, decision.State ?? s_unchanged);
        if (!sources.Handoffs.TryResolve(decision, now, command.HandoffId, out var resolved, out _, out string? error))
            throw Invalid(error);
        if (!DecisionValidation.TryCheck(resolved, sources.KnownEndpoints, out var steps, out error))
            throw Invalid(error!);
        return command with
        {
            Kind = CommandKind.Handoff,
            Steps = steps,
            Reason = resolved.Reason,
            State = Kept(decision.State),
            // Given again, it may come to other headers: the state has gone on.
            Asked = decision.Named is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DecisionJson.Write(decision)))),
        };
    }

    /// <summary>What changes in the state.</summary>
    public static CallCommand State(JsonElement body, CallCommand command)
    {
        var state = body.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Clone(), StringComparer.Ordinal);
        return state.Count is > 0 and <= MaxKeys
            ? command with { Kind = CommandKind.State, State = state }
            : throw ApiProblemException.Invalid("body", $"{state.Count} keys are given; give 1 to {MaxKeys}, such as {{\"customer_id\": \"42\"}}.");
    }

    /// <summary><c>{"flow": NAME}</c>.</summary>
    public static CallCommand Flow(JsonElement body, CallCommand command)
    {
        Only(body, FlowFields);
        string? flow = body.TryGetProperty("flow", out var given) ? given.GetString() : null;
        return flow is { Length: > 0 and <= MaxFlow }
            ? command with { Kind = CommandKind.Flow, Flow = flow }
            : throw ApiProblemException.Invalid("flow", $"flow: expected the name of a flow, 1 to {MaxFlow} characters.");
    }

    /// <summary>Nothing, or a <c>reason</c>.</summary>
    public static CallCommand HangUp(JsonElement body, CallCommand command)
    {
        Only(body, ReasonFields);
        return command with { Kind = CommandKind.Hangup, Reason = Reason(body) };
    }

    /// <summary><c>{"action": "start" | "pause" | "resume" | "discard"}</c>, and a <c>reason</c> where there is one.</summary>
    public static CallCommand Recording(JsonElement body, CallCommand command)
    {
        Only(body, RecordingFields);
        return body.TryGetProperty("action", out var given) && WireName.TryParse<RecordingChange>(given.GetString()!, out var action)
            ? command with { Kind = CommandKind.Recording, Recording = action, Reason = Reason(body) }
            : throw ApiProblemException.Invalid("action", $"action: expected one of {string.Join(", ", WireName.All<RecordingChange>())}.");
    }

    /// <summary>The field that a problem begins with; null when it begins with none.</summary>
    public static string? FieldOf(string problem)
    {
        int colon = problem.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && !problem.AsSpan(0, colon).Contains(' ') ? problem[..colon] : null;
    }

    private static ApiProblemException Invalid(string error) => ApiProblemException.Invalid(FieldOf(error) ?? "body", PlainText.Of(error));

    private static string? Reason(JsonElement body)
    {
        string? reason = body.TryGetProperty("reason", out var given) ? given.GetString() : null;
        return DecisionValidation.ReasonError(reason) is { } error
            ? throw ApiProblemException.Invalid("reason", error.Replace("handoff.", "", StringComparison.Ordinal))
            : reason;
    }

    // All of them are texts; what is missing is said when what is there can be used.
    private static void Only(JsonElement body, string[] fields)
    {
        foreach (var property in body.EnumerateObject())
        {
            if (fields.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.String)
                throw ApiProblemException.Invalid(property.Name, $"{property.Name}: expected a text.");
            if (!fields.Contains(property.Name))
                throw ApiProblemException.Invalid(PlainText.Of(property.Name), $"There is no field '{PlainText.Of(property.Name)}' here; {Spelling.Known(fields)}.");
        }
    }

    // The document is gone when the command is sent.
    private static Dictionary<string, JsonElement>? Kept(IReadOnlyDictionary<string, JsonElement>? state) =>
        state?.ToDictionary(pair => pair.Key, pair => pair.Value.Clone(), StringComparer.Ordinal);
}
