using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventCalls.Contracts;

namespace EventCalls.Host.Tests.Commands;

/// <summary>A recorded call in which every text that a peer, a table or logic may have chosen tries to act on whatever shows it.</summary>
internal static class HostileCall
{
    /// <summary>Turns the screen red, sets its title, rings, turns the writing, forges a line, a formula and a tag.</summary>
    public const string Text = "=cmd|' /C calc'!A0\u001b]0;owned\u0007\u001b[31m\u009B2J\u0085\u202Emoc\u2066\u200F\u061C\u2028<script>alert(1)</script>\r\nforged: line\u007F";

    // Names of a closed set, ids, times and the version whose sources are looked up.
    private static readonly HashSet<string> s_kept = ["eventId", "callId", "causationId", "occurredAt", "handoffId", "logicVersion", "method", "outcome", "cause", "endedBy", "leg", "now", "requestedBy"];

    /// <summary>The events of a call as they are, each text made hostile.</summary>
    public static IReadOnlyList<CallEvent> Of(IReadOnlyList<CallEvent> events) => [.. events.Select(Of)];

    private static CallEvent Of(CallEvent e)
    {
        var buffer = new ArrayBufferWriter<byte>();
        CallEventCodec.WriteData(buffer, e);
        var json = JsonNode.Parse(buffer.WrittenSpan)!;
        Spoil(json);
        return CallEventCodec.Read(CallEventNames.Of(e), JsonSerializer.SerializeToUtf8Bytes(json));
    }

    private static void Spoil(JsonNode node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array.Where(item => item is JsonArray or JsonObject).ToList())
                Spoil(item!);
            return;
        }
        foreach (var (name, value) in node.AsObject().ToList())
        {
            if (value is JsonArray or JsonObject)
                Spoil(value);
            else if (value?.GetValueKind() == JsonValueKind.String && !s_kept.Contains(name))
                node[name] = Text + value.GetValue<string>();
        }
    }
}
