using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Calls.Moments;

/// <summary>A call as of one of its events, as JSON.</summary>
internal static class CallMomentJson
{
    /// <summary>The members; what there is none of is null.</summary>
    public static void Write(Utf8JsonWriter writer, CallMoment moment, IReadOnlyList<StoredEvent> events)
    {
        writer.WriteString("callId", moment.Row.CallId);
        writer.WriteNumber("at", moment.At);
        writer.WriteNumber("of", moment.Of);
        writer.WriteString("occurredAt", moment.OccurredAt.UtcDateTime);
        writer.WriteNumber("sinceStartMs", (long)(moment.OccurredAt - moment.StartedAt).TotalMilliseconds);
        writer.WriteString("phase", WireName.Of(moment.Phase));
        writer.WriteString("flow", moment.Row.Flow);
        writer.WriteString("logicVersion", moment.Row.LogicVersion);
        writer.WriteStartObject("state");
        foreach (var (key, value) in moment.State)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }
        writer.WriteEndObject();
        Time(writer, "callerAnsweredAt", moment.CallerAnsweredAt);
        Time(writer, "targetAnsweredAt", moment.TargetAnsweredAt);
        writer.WriteString("connectedTo", moment.ConnectedTo);
        WriteHandoff(writer, moment.Handoff);
        writer.WriteStartArray("attempts");
        foreach (var attempt in moment.Attempts)
            WriteAttempt(writer, attempt);
        writer.WriteEndArray();
        writer.WriteString("outcome", WireName.Of(moment.Row.Outcome));
        WriteEnded(writer, moment.Ended);
        CallJson.WriteEvents(writer, [.. events.Take(moment.At)]);
    }

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            writer.WriteString(name, known.UtcDateTime);
        else
            writer.WriteNull(name);
    }

    private static void WriteHandoff(Utf8JsonWriter writer, HandoffRequested? handoff)
    {
        if (handoff is null)
        {
            writer.WriteNull("handoff");
            return;
        }
        writer.WriteStartObject("handoff");
        writer.WriteString("handoffId", handoff.HandoffId);
        writer.WriteString("requestedBy", WireName.Of(handoff.RequestedBy));
        writer.WritePropertyName("steps");
        JsonSerializer.Serialize(writer, handoff.Steps, CallEventJson.Default.IReadOnlyListHandoff);
        writer.WriteEndObject();
    }

    private static void WriteAttempt(Utf8JsonWriter writer, AttemptMoment attempt)
    {
        writer.WriteStartObject();
        writer.WriteString("handoffId", attempt.HandoffId);
        writer.WriteNumber("attempt", attempt.Attempt);
        writer.WriteString("method", WireName.Of(attempt.Method));
        writer.WriteString("target", attempt.Target);
        writer.WriteString("trunk", attempt.Trunk);
        writer.WriteString("startedAt", attempt.StartedAt.UtcDateTime);
        writer.WriteString("heard", attempt.Heard);
        writer.WriteString("outcome", WireName.Of(attempt.Outcome));
        writer.WriteEndObject();
    }

    private static void WriteEnded(Utf8JsonWriter writer, CallEnded? ended)
    {
        if (ended is null)
        {
            writer.WriteNull("ended");
            return;
        }
        writer.WriteStartObject("ended");
        writer.WriteString("by", WireName.Of(ended.EndedBy));
        writer.WriteString("cause", WireName.Of(ended.Cause));
        if (ended.Status is { } status)
            writer.WriteNumber("status", status);
        else
            writer.WriteNull("status");
        writer.WriteEndObject();
    }
}
