using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Replay.Audit;

/// <summary>Says in words what was known of a call at a moment; what peers sent in it is not made safe to show yet.</summary>
public static class MomentWords
{
    /// <summary>What the call is doing.</summary>
    public static string Phase(CallMoment moment) => moment.Phase switch
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

    /// <summary>Who answered last, and when.</summary>
    public static string Target(CallMoment moment)
    {
        if (moment.TargetAnsweredAt is not { } answered)
            return "none answered";
        return $"{moment.ConnectedTo ?? moment.UnderWay?.Target ?? "?"} answered at {Offset(moment, answered)}";
    }

    /// <summary>One attempt, and what came of it so far.</summary>
    public static string Attempt(CallMoment moment, AttemptMoment attempt)
    {
        var text = $"{attempt.Attempt} at {Offset(moment, attempt.StartedAt)}: {WireName.Of(attempt.Method)} {attempt.Target}".TrimEnd();
        if (attempt.Trunk is { } trunk)
            text += $" via {trunk}";
        if (attempt.Outcome is { } outcome)
            return $"{text}: {WireName.Of(outcome)}{(attempt.Heard is { } said ? $", {said}" : "")}";
        return $"{text}: under way{(attempt.Heard is { } heard ? $", {heard}" : "")}";
    }

    /// <summary>The conversation's state.</summary>
    public static string State(CallMoment moment) => moment.State.Count == 0 ? "empty" : string.Join("; ", moment.State.Select(Value));

    /// <summary>How long after the call's start, in seconds.</summary>
    public static string Offset(CallMoment moment, DateTimeOffset time) => EventWords.Seconds((long)(time - moment.StartedAt).TotalMilliseconds);

    private static string Value(KeyValuePair<string, JsonElement> x) =>
        $"{x.Key} = {(x.Value.ValueKind == JsonValueKind.String ? x.Value.GetString() : x.Value.GetRawText())}";
}
