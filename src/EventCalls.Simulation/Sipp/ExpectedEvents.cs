using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Simulation.Sipp;

/// <summary>The events that playing a recorded call again is to come to: their types in order, with what does not depend on time, ids and addresses.</summary>
internal static class ExpectedEvents
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document <c>expected-events.json</c>.</summary>
    public static byte[] Of(IReadOnlyList<CallEvent> events)
    {
        using var stream = new MemoryStream();
        using (var plain = new PlainJsonStream(stream))
        using (var writer = new Utf8JsonWriter(plain, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString("recordedCallId", events[0].CallId);
            writer.WriteStartArray("events");
            foreach (var e in events)
            {
                writer.WriteStartObject();
                writer.WriteString("type", CallEventNames.Of(e));
                Write(writer, e);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, CallEvent e)
    {
        switch (e)
        {
            case CallStarted x:
                writer.WriteString("callerNumber", x.CallerNumber);
                writer.WriteString("calleeNumber", x.CalleeNumber);
                break;
            case CallAnswered x:
                writer.WriteString("leg", x.Leg);
                break;
            case FlowSelected x:
                writer.WriteString("flow", x.Flow);
                break;
            case HandoffRequested x:
                writer.WriteString("requestedBy", WireName.Of(x.RequestedBy));
                break;
            case RoutingFailed x:
                writer.WriteString("cause", WireName.Of(x.Cause));
                break;
            case TransferStarted x:
                writer.WriteNumber("attempt", x.Attempt);
                writer.WriteString("method", WireName.Of(x.Method));
                break;
            case TransferProgressed x:
                writer.WriteString("source", x.Source);
                Number(writer, "status", x.Status);
                break;
            case TransferCompleted x:
                writer.WriteNumber("attempt", x.Attempt);
                writer.WriteString("outcome", WireName.Of(x.Outcome));
                break;
            case TransferFailed x:
                writer.WriteNumber("attempt", x.Attempt);
                writer.WriteString("outcome", WireName.Of(x.Outcome));
                writer.WriteBoolean("final", x.Final);
                break;
            case CallEnded x:
                writer.WriteString("endedBy", WireName.Of(x.EndedBy));
                writer.WriteString("cause", WireName.Of(x.Cause));
                Number(writer, "status", x.Status);
                break;
        }
    }

    private static void Number(Utf8JsonWriter writer, string name, int? number)
    {
        // What the stream does not have is not there to be compared.
        if (number is { } known)
            writer.WriteNumber(name, known);
    }
}
