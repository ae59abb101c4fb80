using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;
using Spectre.Console;

namespace EventCalls.Host.Commands.Calls;

/// <summary>A call as of one of its events, for people: what is known then, and the ladder up to there.</summary>
internal static class CallMomentView
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
        Line("As of", string.Create(CultureInfo.InvariantCulture, $"event {moment.At} of {moment.Of}, {UtcTime.Milliseconds(moment.OccurredAt)}, {EventWords.Seconds(Since(moment, moment.OccurredAt))} after the INVITE"));
        Line("Phase", Phase(moment));
        Line("Flow", row.Flow is { } flow ? $"{flow}, logic {EventWords.Version(row.LogicVersion ?? "none")}" : "none yet");
        Line("State", moment.State.Count == 0 ? "empty" : string.Join("; ", moment.State.Select(Value)));
        Line("Caller", moment.CallerAnsweredAt is { } caller ? $"answered at {EventWords.Seconds(Since(moment, caller))}" : "not answered");
        Line("Target", Target(moment));
        if (moment.Handoff is { } handoff)
            Line("Handoff", $"by {WireName.Of(handoff.RequestedBy)}: {HandoffWords.Of(handoff.Steps)}");
        for (int i = 0; i < moment.Attempts.Count; i++)
            Line(i == 0 ? "Attempts" : "", Attempt(moment, moment.Attempts[i]));
        Line("Outcome", WireName.Of(row.Outcome) is { } outcome ? $"{outcome} so far" : "none so far");
        Line("Ended", moment.Ended is { } ended ? $"by {WireName.Of(ended.EndedBy)}, {WireName.Of(ended.Cause)}" : "not yet");
    }

    private static string Phase(CallMoment moment) => moment.Phase switch
    {
        CallPhase.Deciding => moment.Attempts.Count == 0 ? "waits for a decision" : "waits for a new decision after the failed transfer",
        CallPhase.HandingOff when moment.UnderWay is { } attempt =>
            $"handing off, attempt {attempt.Attempt}: {WireName.Of(attempt.Method)} {attempt.Target}".TrimEnd() + (attempt.Heard is { } heard ? $", {heard} was heard" : ", nothing was heard yet"),
        CallPhase.HandingOff when moment.Handoff is { } handoff && moment.Attempts.All(a => a.HandoffId != handoff.HandoffId) => "a handoff is asked for, nothing is tried yet",
        CallPhase.HandingOff => "handing off, the next step is about to be tried",
        CallPhase.Connected => $"connected to {moment.ConnectedTo}",
        CallPhase.Ending => "about to end",
        _ => "over",
    };

    private static string Target(CallMoment moment)
    {
        if (moment.TargetAnsweredAt is not { } answered)
            return "none answered";
        return $"{moment.ConnectedTo ?? moment.UnderWay?.Target ?? "?"} answered at {EventWords.Seconds(Since(moment, answered))}";
    }

    private static string Attempt(CallMoment moment, AttemptMoment attempt)
    {
        var text = $"{attempt.Attempt} at {EventWords.Seconds(Since(moment, attempt.StartedAt))}: {WireName.Of(attempt.Method)} {attempt.Target}".TrimEnd();
        if (attempt.Trunk is { } trunk)
            text += $" via {trunk}";
        if (attempt.Outcome is { } outcome)
            return $"{text}: {WireName.Of(outcome)}{(attempt.Heard is { } said ? $", {said}" : "")}";
        return $"{text}: under way{(attempt.Heard is { } heard ? $", {heard}" : "")}";
    }

    private static string Value(KeyValuePair<string, JsonElement> x) =>
        $"{x.Key} = {(x.Value.ValueKind == JsonValueKind.String ? x.Value.GetString() : x.Value.GetRawText())}";

    private static long Since(CallMoment moment, DateTimeOffset time) => (long)(time - moment.StartedAt).TotalMilliseconds;
}
