using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Destinations;

/// <summary>A destination as the answer to a look-up, and what becomes of it in a call.</summary>
internal static class ConfiguredDestination
{
    private const string UserToUserHeader = "User-to-User";

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All of it that goes into a decision, always written the same.</summary>
    public static string Write(HandoffDestination destination)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            if (destination.ContextHeader is not null)
                writer.WriteString("context_header", destination.ContextHeader);
            writer.WritePropertyName("handoff");
            DecisionWriter.Step(writer, destination.Step, destination.Reason);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The step that a call gets, and the reason that is configured for it.</summary>
    /// <param name="call">What the call asks for.</param>
    /// <param name="ask">Answers a look-up, or throws.</param>
    /// <param name="state">A value of the call's state.</param>
    /// <param name="handoffId">The handoff's id.</param>
    /// <exception cref="DecisionFormatException">The destination's method has not what the call gives.</exception>
    public static (Contracts.Handoff Step, string? Reason) Resolve(NamedHandoff call, Func<string, string> ask, Func<string, JsonElement?> state, Guid handoffId)
    {
        string name = call.Destination ?? ask(DestinationNames.Prefix);
        using var json = JsonDocument.Parse(ask(DestinationNames.Prefix + name));
        var (configured, reason) = new DecisionReader().StepWithReason(json.RootElement.GetProperty("handoff"));
        string? contextHeader = json.RootElement.TryGetProperty("context_header", out var header) ? header.GetString() : null;
        if (call.Given is { } other && other.Method != configured.Method)
            throw new DecisionFormatException($"handoff.{WireName.Of(other.Method)}", $"is given, but the destination '{name}' is reached by {WireName.Of(configured.Method)}; leave out the type or the method.");
        var step = configured;
        foreach (var field in HandoffFields.Of(step.Method).Where(f => f.Kind != HandoffValue.Headers))
        {
            if (call.Given is { } given && field.Of(given) is { } value)
                step = field.With(step, value);
        }

        if (call.Route is not null)
        {
            if (!HandoffFields.Of(step.Method).Any(f => f.Name == "outbound_endpoint"))
                throw new DecisionFormatException("handoff.route", $"is given, but the destination '{name}' is reached by {WireName.Of(step.Method)}, which has no outbound endpoint.");
            step = step with { OutboundEndpoint = call.Route };
        }

        if (call.Prompt is not null)
        {
            if (!HandoffFields.Of(step.Method).Any(f => f.Name == "prompt"))
                throw new DecisionFormatException("handoff.utterance", $"is given, but the destination '{name}' is reached by {WireName.Of(step.Method)}, before which nothing is played.");
            step = step with { Prompt = call.Prompt };
        }

        List<SipHeader> own = [.. call.Headers, .. call.Given?.SipHeaders ?? []];
        var headers = configured.SipHeaders.Where(h => !IsAmong(own, h.Name)).Select(h => h with { Value = HeaderTemplate.Fill(h.Value, state) }).Where(h => h.Value.Trim().Length > 0).Concat(own).ToList();
        step = step with { SipHeaders = headers };
        return (contextHeader is null || IsAmong(own, contextHeader) ? step : WithContext(step, contextHeader, handoffId), reason);
    }

    private static bool IsAmong(List<SipHeader> headers, string name) =>
        headers.Exists(h => SipHeaderNames.Canonical(h.Name).Equals(SipHeaderNames.Canonical(name), StringComparison.OrdinalIgnoreCase));

    // The INVITE that comes of a REFER is made by others: what it shall carry stands in the Refer-To.
    private static Contracts.Handoff WithContext(Contracts.Handoff step, string header, Guid handoffId)
    {
        string value = header.Equals(UserToUserHeader, StringComparison.OrdinalIgnoreCase) ? UserToUser.Of(handoffId.ToString(), null) : handoffId.ToString();
        var headers = step.SipHeaders.Where(h => !IsAmong([h], header)).Append(new SipHeader(header, value));
        step = step with { SipHeaders = [.. headers] };
        if (step.Method != HandoffMethod.Refer || step.ReferTo is not { } target || !target.StartsWith("sip", StringComparison.OrdinalIgnoreCase))
            return step;
        return step with { ReferTo = $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Uri.EscapeDataString(header)}={Uri.EscapeDataString(value)}" };
    }
}
