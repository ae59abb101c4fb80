using System.Text.Json;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Json;

/// <summary>What the new targets are expected to give, as JSON.</summary>
internal static class WhatIfJson
{
    public static void Write(Utf8JsonWriter writer, WhatIf whatIf)
    {
        writer.WriteStartObject("whatIf");
        writer.WriteNumber("calls", whatIf.Calls);
        writer.WriteNumber("estimated", whatIf.Estimated);
        writer.WriteNumber("withoutHistory", whatIf.WithoutHistory);
        writer.WriteNumber("onSmallHistory", whatIf.OnSmallHistory);
        writer.WriteNumber("smallHistory", WhatIf.SmallHistory);
        writer.WriteNumber("confidence", 0.95);
        WriteRates(writer, "expected", whatIf.Expected);
        WriteCounts(writer, "before", whatIf.Before);
        WriteRates(writer, "beforeRates", whatIf.BeforeRates);
        ReportParts.WriteListing(writer, "targets", whatIf.Targets, target => WriteTarget(writer, target));
        writer.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter writer, WhatIfTarget target)
    {
        writer.WriteNumber("calls", target.Calls);
        writer.WriteStartArray("steps");
        foreach (var step in target.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("target", step.Target);
            WriteCounts(writer, "history", step.Results);
            WriteRates(writer, "rates", step.Rates);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteBoolean("small", target.IsSmall);
        WriteRates(writer, "expected", target.Expected);
        WriteCounts(writer, "before", target.Before);
        WriteRates(writer, "beforeRates", target.BeforeRates);
    }

    private static void WriteRates(Utf8JsonWriter writer, string name, ResultRates? rates)
    {
        if (rates is null)
        {
            writer.WriteNull(name);
            return;
        }
        writer.WriteStartObject(name);
        WriteEstimate(writer, "answered", rates.Answered);
        WriteEstimate(writer, "accepted", rates.Accepted);
        WriteEstimate(writer, "busy", rates.Busy);
        WriteEstimate(writer, "noAnswer", rates.NoAnswer);
        WriteEstimate(writer, "failed", rates.Failed);
        WriteEstimate(writer, "turnedAway", rates.TurnedAway);
        writer.WriteNumber("unknown", Math.Round(rates.Unknown, 6));
        writer.WriteEndObject();
    }

    private static void WriteEstimate(Utf8JsonWriter writer, string name, Estimate estimate)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("rate", Math.Round(estimate.Value, 6));
        writer.WriteNumber("low", Math.Round(estimate.Low, 6));
        writer.WriteNumber("high", Math.Round(estimate.High, 6));
        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, string name, ResultCounts counts)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("answered", counts.Answered);
        writer.WriteNumber("accepted", counts.Accepted);
        writer.WriteNumber("busy", counts.Busy);
        writer.WriteNumber("noAnswer", counts.NoAnswer);
        writer.WriteNumber("failed", counts.Failed);
        writer.WriteNumber("turnedAway", counts.TurnedAway);
        writer.WriteNumber("callerHungUp", counts.CallerHungUp);
        writer.WriteNumber("unknown", counts.Unknown);
        writer.WriteEndObject();
    }
}
