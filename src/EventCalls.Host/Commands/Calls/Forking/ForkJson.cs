using System.Buffers;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Forks;

namespace EventCalls.Host.Commands.Calls.Forking;

/// <summary>A fork as JSON.</summary>
internal static class ForkJson
{
    /// <summary>The members; what there is none of is null.</summary>
    public static void Write(Utf8JsonWriter writer, ForkResult result)
    {
        writer.WriteString("callId", result.Recording.Started.CallId);
        writer.WriteNumber("at", result.At);
        writer.WriteNumber("of", result.Recording.Events.Count);
        writer.WriteString("inject", result.Injection?.ToString());
        writer.WriteBoolean("injected", result.IsInjected && result.Injection is not null);
        writer.WriteString("candidate", result.Candidate);
        writer.WriteNumber("decisions", result.Decisions);
        writer.WriteBoolean("reproduced", result.Mismatch is null);
        writer.WriteString("mismatch", result.Mismatch);
        JsonParts.WriteTexts(writer, "assumedEndpoints", result.AssumedEndpoints);
        JsonParts.WriteTexts(writer, "liveLookups", result.LiveLookups);
        JsonParts.WriteTexts(writer, "assumedTargets", [.. result.Unknown.Select(t => t.Target)]);
        writer.WriteBoolean("same", result.IsSame);
        WriteCourse(writer, "recorded", ForkCourse.Of(result.Recording.Events));
        WriteCourse(writer, "forked", ForkCourse.Of(result.Events));
    }

    private static void WriteCourse(Utf8JsonWriter writer, string name, ForkCourse course)
    {
        writer.WriteStartObject(name);
        writer.WriteString("flow", course.Row.Flow);
        writer.WriteString("logicVersion", course.Row.LogicVersion);
        writer.WriteString("handoff", WireName.Of(course.Row.Handoff));
        writer.WriteString("target", course.Row.Target);
        writer.WriteString("outcome", WireName.Of(course.Row.Outcome));
        writer.WriteNumber("attempts", course.Row.Attempts);
        writer.WriteString("endedBy", WireName.Of(course.Ended?.EndedBy));
        writer.WriteString("endCause", WireName.Of(course.Ended?.Cause));
        Number(writer, "status", course.Ended?.Status);
        Number(writer, "durationMs", course.Ended?.DurationMs);
        writer.WriteStartArray("events");
        for (int i = 0; i < course.Events.Count; i++)
            WriteEvent(writer, i + 1, course.Events[i], course.Events[0].OccurredAt);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter writer, int number, CallEvent e, DateTimeOffset start)
    {
        var data = new ArrayBufferWriter<byte>();
        CallEventCodec.WriteData(data, e is HandoffRequested { Selected: not null } handoff ? handoff with { Selected = null } : e);
        writer.WriteStartObject();
        writer.WriteNumber("event", number);
        writer.WriteString("type", CallEventNames.Of(e));
        writer.WriteNumber("sinceStartMs", (long)Math.Round((e.OccurredAt - start).TotalMilliseconds));
        writer.WritePropertyName("data");
        writer.WriteRawValue(data.WrittenSpan);
        writer.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } known)
            writer.WriteNumber(name, known);
        else
            writer.WriteNull(name);
    }
}
