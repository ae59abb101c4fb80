using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>A call as of one of its events, for people: what is known then, and the ladder up to there.</summary>
public static class CallMomentView
{
    private const int LabelWidth = 14;

    /// <summary>Writes it.</summary>
    public static void Write(IAnsiConsole console, CallMoment moment, IReadOnlyList<StoredEvent> events)
    {
        WriteState(console, moment);
        console.WriteLine();
        CallView.WriteLadder(console, moment.Row, [.. events.Take(moment.At)]);
        if (moment.At < moment.Of)
        {
            console.WriteLine();
            int more = moment.Of - moment.At;
            console.WriteLine((string.Create(CultureInfo.InvariantCulture, $"{(more == 1 ? "1 event" : $"{more} events")} came later and {(more == 1 ? "is" : "are")} not shown."), new Style(Color.Grey)));
        }
    }

    private static void WriteState(IAnsiConsole console, CallMoment moment)
    {
        void Line(string label, string text) => console.WriteLabelled(label, LabelWidth, text);

        var row = moment.Row;
        Line("Call", row.CallId.ToString("D"));
        Line("SIP Call-ID", row.SipCallId);
        Line("From", row.Caller.Length == 0 ? "withheld" : row.Caller);
        Line("To", row.Callee);
        Line("As of", string.Create(CultureInfo.InvariantCulture, $"event {moment.At} of {moment.Of}, {UtcTime.Milliseconds(moment.OccurredAt)}, {MomentWords.Offset(moment, moment.OccurredAt)} after the INVITE"));
        Line("Phase", MomentWords.Phase(moment));
        Line("Flow", row.Flow is { } flow ? $"{flow}, logic {LogicVersionName.Short(row.LogicVersion ?? "none")}" : "none yet");
        Line("State", MomentWords.State(moment));
        Line("Caller", moment.CallerAnsweredAt is { } caller ? $"answered at {MomentWords.Offset(moment, caller)}" : "not answered");
        Line("Target", MomentWords.Target(moment));
        if (moment.Handoff is { } handoff)
            Line("Handoff", $"by {WireName.Of(handoff.RequestedBy)}: {HandoffWords.Of(handoff.Steps)}");
        for (int i = 0; i < moment.Attempts.Count; i++)
            Line(i == 0 ? "Attempts" : "", MomentWords.Attempt(moment, moment.Attempts[i]));
        Line("Outcome", WireName.Of(row.Outcome) is { } outcome ? $"{outcome} so far" : "none so far");
        Line("Ended", moment.Ended is { } ended ? $"by {WireName.Of(ended.EndedBy)}, {WireName.Of(ended.Cause)}" : "not yet");
    }
}
