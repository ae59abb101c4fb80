using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;

namespace EventCalls.Routing;

/// <summary>What is done when routing logic gives no usable decision: a handoff with its fallbacks, or a flow of the logic.</summary>
public sealed record DefaultDecision
{
    private static readonly string[] s_whole = ["handoff", "flow", "goto_flow", "hangup"];

    private DefaultDecision()
    {
    }

    /// <summary>Reject with 480.</summary>
    public static DefaultDecision Reject480 { get; } = new()
    {
        Steps = [new Contracts.Handoff { Method = HandoffMethod.Reject, Status = 480 }],
    };

    /// <summary>The flow to run; null when <see cref="Steps"/> are given.</summary>
    public string? Flow { get; private init; }

    /// <summary>The handoff and its fallbacks. For a flow: what is done when the flow fails as well, or no logic is at hand.</summary>
    public IReadOnlyList<Contracts.Handoff> Steps { get; private init; } = [];

    /// <summary>Reads <c>{"reject": {"status": 480}}</c>, <c>{"invite": {…}}</c> and the like, <c>{"flow": "name"}</c>, or a whole decision with <c>handoff</c> and <c>fallbacks</c>.</summary>
    /// <param name="json">Numbers may be given as text, as a configuration does.</param>
    /// <param name="knownEndpoints">The outbound endpoints that are configured; null leaves their names unchecked.</param>
    /// <exception cref="FormatException">It is none of these; the message names the field.</exception>
    public static DefaultDecision Parse(JsonElement json, IReadOnlySet<string>? knownEndpoints = null)
    {
        try
        {
            var reader = new DecisionReader(valuesAsText: true);
            bool whole = json.ValueKind != JsonValueKind.Object || s_whole.Any(name => json.TryGetProperty(name, out _));
            var document = whole ? reader.Document(json) : new DecisionDocument { Steps = [reader.Step(json, "Default")] };
            if (document.Named is not null)
                throw new FormatException("Default: handoff.type names a destination, which a default cannot, as it must not depend on anything that could fail as well; give the method with its parameters.");
            if (document.Flow is not null && document.Steps.Count == 0)
                return Reject480 with { Flow = document.Flow };
            if (document.Flow is not null)
                throw new FormatException("Default: give a flow or a handoff, not both.");
            if (document.Reason is not null)
                throw new FormatException("Default: handoff.reason is not for a default; leave it out, the stream says why the default was taken.");
            if (!DecisionValidation.TryCheck(document.Steps, knownEndpoints, out var steps, out string? error))
                throw new FormatException($"Default: {error}");
            return new DefaultDecision { Steps = steps };
        }
        catch (DecisionFormatException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>As <see cref="Parse(JsonElement, IReadOnlySet{string}?)"/>, from text.</summary>
    /// <exception cref="FormatException">It is no JSON, or none of the forms.</exception>
    public static DefaultDecision Parse(string json, IReadOnlySet<string>? knownEndpoints = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Parse(document.RootElement, knownEndpoints);
        }
        catch (JsonException e)
        {
            throw new FormatException($"Default: no valid JSON: {e.Message}", e);
        }
    }

    /// <summary>For people: <c>reject 480</c>, <c>invite +1222 via pstn</c>, <c>flow after_hours</c>.</summary>
    public override string ToString() => Flow is not null ? $"flow {Flow}" : HandoffWords.Of(Steps);
}
