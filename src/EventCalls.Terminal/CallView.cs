using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>One call for people: what is known of it at a glance, then its ladder, then what came too late for it.</summary>
public static class CallView
{
    private const int LabelWidth = 14;

    /// <summary>Writes the call.</summary>
    public static void Write(IAnsiConsole console, CallRow call, IReadOnlyList<StoredEvent> events, IReadOnlyList<LateEvent> late)
    {
        WriteGlance(console, call, events);
        console.WriteLine();
        var view = WriteLadder(console, call, events);
        if (late.Count == 0)
            return;
        console.WriteLine();
        console.WriteLine((string.Create(CultureInfo.InvariantCulture,
            $"{(late.Count == 1 ? "1 event" : $"{late.Count} events")} came after the end; kept beside the stream, not in it:"), new Style(Color.Yellow)));
        foreach (var e in late)
            view.WriteLate(OccurredAt(e, call), new Ladder().Next(e.Type, e.Data));
    }

    /// <summary>Writes the ladder of the events; the view may go on with what follows.</summary>
    public static LadderView WriteLadder(IAnsiConsole console, CallRow call, IReadOnlyList<StoredEvent> events)
    {
        var ladder = new Ladder();
        var view = new LadderView(console, events.Count > 0 ? events[0].OccurredAt : call.StartedAt);
        view.WriteHeading();
        foreach (var e in events)
            view.Write(e.Version, e.OccurredAt, ladder.Next(e.Type, e.Data));
        return view;
    }

    private static void WriteGlance(IAnsiConsole console, CallRow call, IReadOnlyList<StoredEvent> events)
    {
        void Line(string label, string text) => console.WriteLabelled(label, LabelWidth, text);

        Line("Call", call.CallId.ToString("D"));
        Line("SIP Call-ID", call.SipCallId);
        Line("From", call.Caller.Length == 0 ? "withheld" : call.Caller);
        Line("To", call.Callee);
        Line("Started", $"{UtcTime.Milliseconds(events.Count > 0 ? events[0].OccurredAt : call.StartedAt)} on trunk {call.Trunk}, node {call.Node}");
        if (call.Flow is { } flow)
            Line("Flow", $"{flow}, logic {LogicVersionName.Short(call.LogicVersion ?? "none")}");
        if (call.Handoff is { } handoff)
        {
            var attempts = call.Attempts == 1 ? "1 attempt" : string.Create(CultureInfo.InvariantCulture, $"{call.Attempts} attempts");
            Line("Handoff", $"{WireName.Of(handoff)} {call.Target}".TrimEnd());
            Line("Outcome", $"{WireName.Of(call.Outcome) ?? "none yet"}, {attempts}");
        }
        if (call is { EndedAt: { } lastHeard, EndCause: CallEndCause.NotSeen })
            Line("Ended", $"not seen; last heard of {UtcTime.Milliseconds(lastHeard)}");
        else
            Line("Ended", call is { EndedAt: { } ended, EndCause: { } cause, EndedBy: { } by }
            ? $"{UtcTime.Milliseconds(ended)} by {WireName.Of(by)}, {WireName.Of(cause)}"
            : "not yet");
    }

    private static DateTimeOffset OccurredAt(LateEvent e, CallRow call)
    {
        try
        {
            using var json = JsonDocument.Parse(e.Data);
            return json.RootElement.TryGetProperty("occurredAt", out var at) && at.TryGetDateTimeOffset(out var time) ? time : call.EndedAt ?? call.StartedAt;
        }
        catch (JsonException)
        {
            return call.EndedAt ?? call.StartedAt;
        }
    }
}
