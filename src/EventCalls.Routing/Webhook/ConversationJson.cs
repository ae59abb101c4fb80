using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Webhook;

/// <summary>The JSON form of a conversation, as a webhook receives it.</summary>
internal static class ConversationJson
{
    public static void Write(IBufferWriter<byte> output, DecisionRequest request, PastAsk past = default)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var started = request.Started;
        writer.WriteStartObject();
        writer.WriteString("event", request.Command is not null ? "flow_requested" : request.Failed is null ? "call_started" : "transfer_failed");
        writer.WriteString("id", started.CallId);
        writer.WriteString("call_id", started.CallId);
        writer.WriteString("sip_call_id", started.SipCallId);
        writer.WriteString("trunk", started.Trunk);
        writer.WriteString("request_uri", started.RequestUri);
        writer.WriteString("caller_number", started.CallerNumber);
        writer.WriteString("callee_number", started.CalleeNumber);
        Headers(writer, request);
        if (started.Identity is { } identity)
            Identity(writer, identity);
        string flow = request.EntryFlow ?? request.Selected?.Flow ?? "start";
        writer.WriteString("flow", flow);
        writer.WriteString("current_flow", flow);
        writer.WriteStartObject("state");
        foreach (var (key, value) in request.State)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteString("now", request.Now);
        writer.WriteNumber("seed", request.Seed);
        if (request.Failed is not null)
            LastTransfer(writer, request);
        if (past.Taking > 0)
            Past(writer, past);
        writer.WriteEndObject();
    }

    // One value of each name, as most have one only, and beside them every value in order; names in their long form.
    private static void Headers(Utf8JsonWriter writer, DecisionRequest request)
    {
        var groups = request.Started.Headers.GroupBy(h => SipHeaderNames.Canonical(h.Name), StringComparer.OrdinalIgnoreCase).ToList();
        writer.WriteStartObject("sip_headers");
        foreach (var group in groups)
            writer.WriteString(group.Key, group.First().Value);
        writer.WriteEndObject();
        writer.WriteStartObject("sip_headers_all");
        foreach (var group in groups)
        {
            writer.WriteStartArray(group.Key);
            foreach (var header in group)
                writer.WriteStringValue(header.Value);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Identity(Utf8JsonWriter writer, IReadOnlyList<IdentityCheck> checks)
    {
        writer.WriteString("identity_verdict", WireName.Of(IdentityCheck.Of(checks)));
        writer.WriteStartArray("identity");
        foreach (var check in checks)
        {
            writer.WriteStartObject();
            if (check.Kind is { } kind)
                writer.WriteString("kind", kind);
            writer.WriteString("verdict", WireName.Of(check.Verdict));
            if (check.Problem is { } problem)
                writer.WriteString("problem", WireName.Of(problem));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // What the decision had been told besides the call when it was taken: a service that looks at the same things need not ask for them again.
    private static void Past(Utf8JsonWriter writer, PastAsk past)
    {
        writer.WriteBoolean("replay", true);
        writer.WriteStartArray("lookups");
        foreach (var answer in past.Recorded)
        {
            writer.WriteStartObject();
            writer.WriteString("name", answer.Name);
            writer.WriteString("key", answer.Key);
            writer.WriteString("value", answer.Value);
            if (answer.Refusal is { } refusal)
                writer.WriteString("refusal", refusal);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void LastTransfer(Utf8JsonWriter writer, DecisionRequest request)
    {
        var failed = request.Failed!;
        writer.WriteStartObject("last_transfer");
        writer.WriteString("outcome", WireName.Of(failed.Outcome));
        writer.WriteString("method", WireName.Of(failed.Method));
        writer.WriteString("target", request.Target);
        writer.WriteNumber("attempt", failed.Attempt);
        if (failed.Evidence.Status is { } status)
            writer.WriteNumber("status", status);
        writer.WriteString("reason_phrase", failed.Evidence.ReasonPhrase);
        if (failed.Evidence.Contact is { } contact)
            writer.WriteString("contact", contact);
        writer.WriteBoolean("caller_answered", request.CallerAnswered);
        writer.WriteEndObject();
    }
}
