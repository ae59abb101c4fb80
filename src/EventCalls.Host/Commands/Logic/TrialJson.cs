using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Routing.Deciding;

namespace EventCalls.Host.Commands.Logic;

/// <summary>A trial's outcome as JSON.</summary>
internal static class TrialJson
{
    /// <summary>The members; what there is none of is null.</summary>
    public static void Write(Utf8JsonWriter writer, TrialResult trial)
    {
        var decision = trial.Decision;
        writer.WriteBoolean("ok", decision is { Failure: null });
        writer.WriteString("logicVersion", trial.Check.Version);
        writer.WriteString("flow", decision?.Flow);
        JsonParts.WriteTexts(writer, "flowChain", decision?.FlowChain ?? []);
        writer.WriteString("decidedBy", decision?.DecidedBy);
        writer.WritePropertyName("decision");
        if (trial.DecisionJson is { } json)
        {
            using var document = JsonDocument.Parse(json);
            document.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }
        JsonParts.WriteReads(writer, decision?.Reads);
        if (decision is null)
            writer.WriteNull("elapsedMicroseconds");
        else
            writer.WriteNumber("elapsedMicroseconds", (long)decision.Elapsed.TotalMicroseconds);
        WriteFailure(writer, decision?.Failure);
        LogicCheckCommand.WriteDiagnostics(writer, trial.Check);
    }

    private static void WriteFailure(Utf8JsonWriter writer, DecisionFailure? failure)
    {
        if (failure is null)
        {
            writer.WriteNull("failure");
            return;
        }
        writer.WriteStartObject("failure");
        writer.WriteString("cause", WireName.Of(failure.Cause));
        writer.WriteString("message", failure.Message);
        writer.WriteString("exception", failure.ExceptionType);
        writer.WriteString("file", failure.File);
        if (failure.Line is { } line)
            writer.WriteNumber("line", line);
        else
            writer.WriteNull("line");
        writer.WriteEndObject();
    }
}
