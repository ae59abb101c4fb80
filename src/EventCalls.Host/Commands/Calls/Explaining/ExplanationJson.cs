using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Explaining;

namespace EventCalls.Host.Commands.Calls.Explaining;

/// <summary>Explanations as JSON.</summary>
internal static class ExplanationJson
{
    /// <summary>The members; what there is none of is null.</summary>
    public static void Write(Utf8JsonWriter writer, Guid callId, IReadOnlyList<Explanation> explanations)
    {
        writer.WriteString("callId", callId);
        writer.WriteStartArray("decisions");
        foreach (var explanation in explanations)
        {
            writer.WriteStartObject();
            Write(writer, explanation);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, Explanation e)
    {
        var decision = e.Decision;
        var selected = decision.Selected;
        writer.WriteNumber("decision", decision.Number);
        writer.WriteNumber("event", decision.Event);
        Number(writer, "causeEvent", decision.CauseEvent);
        writer.WriteString("occurredAt", decision.OccurredAt.UtcDateTime);
        writer.WriteString("kind", WireName.Of(decision.Kind));
        writer.WriteString("flow", selected?.Flow);
        JsonParts.WriteTexts(writer, "flowChain", e.Again?.FlowChain ?? []);
        writer.WriteString("logicVersion", selected?.LogicVersion);
        writer.WriteString("decidedBy", selected?.DecidedBy);
        writer.WriteString("file", e.File);
        Number(writer, "line", e.Line);
        writer.WriteString("source", e.Source.FirstOrDefault(l => l.Number == e.Line).Text);
        WriteHandoff(writer, decision.Handoff);
        WriteInputs(writer, selected?.Inputs);
        JsonParts.WriteReads(writer, e.Again?.Reads);
        WriteFailure(writer, decision.Failed);
        if (e.IsRepeated is { } repeated)
            writer.WriteBoolean("repeated", repeated);
        else
            writer.WriteNull("repeated");
        writer.WriteStartArray("differences");
        foreach (var change in e.Differences)
        {
            writer.WriteStartObject();
            writer.WriteString("field", change.Field);
            writer.WriteString("was", change.Was);
            writer.WriteString("now", change.Now);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("note", e.Note);
    }

    private static void WriteHandoff(Utf8JsonWriter writer, HandoffRequested? handoff)
    {
        writer.WritePropertyName("handoff");
        JsonSerializer.Serialize(writer, handoff?.Steps ?? [], CallEventJson.Default.IReadOnlyListHandoff);
        writer.WriteString("requestedBy", WireName.Of(handoff?.RequestedBy));
    }

    private static void WriteInputs(Utf8JsonWriter writer, DecisionInputs? inputs)
    {
        if (inputs is null)
        {
            writer.WriteNull("inputs");
            return;
        }
        writer.WritePropertyName("inputs");
        JsonSerializer.Serialize(writer, inputs, CallEventJson.Default.DecisionInputs);
    }

    private static void WriteFailure(Utf8JsonWriter writer, RoutingFailed? failed)
    {
        if (failed is null)
        {
            writer.WriteNull("failure");
            return;
        }
        writer.WriteStartObject("failure");
        writer.WriteString("cause", WireName.Of(failed.Cause));
        writer.WriteString("message", failed.Message);
        writer.WriteString("defaultTaken", failed.DefaultTaken);
        writer.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter writer, string name, int? number)
    {
        if (number is { } known)
            writer.WriteNumber(name, known);
        else
            writer.WriteNull(name);
    }
}
