using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Simulation.Live;

/// <summary>Compares what is stored of a call with how it must have gone.</summary>
internal static class CallCheck
{
    /// <summary>What is otherwise than expected, for people; empty when nothing is.</summary>
    /// <param name="call">The call.</param>
    /// <param name="history">What the store has of it; null for nothing.</param>
    public static IReadOnlyList<string> Differences(PlannedCall call, CallHistory? history)
    {
        if (history is null || CallStory.Of(history.Events) is not { } story)
            return ["the store knows nothing of it"];
        var expected = call.Scenario.Expected;
        var found = new List<string>();
        if (story.Flaw is { } flaw)
            found.Add(flaw);
        if (story.Ended is not { } ended)
        {
            found.Add("it has not ended");
            return found;
        }
        Compare(found, "caller", story.Row.Caller, call.Caller);
        Compare(found, "callee", story.Row.Callee, call.Scenario.Callee);
        Compare(found, "flow", story.Row.Flow, expected.Flow);
        Compare(found, "handoff", WireName.Of(story.Row.Handoff), WireName.Of(expected.Handoff));
        Compare(found, "outcome", WireName.Of(story.Row.Outcome), WireName.Of(expected.Outcome));
        Compare(found, "attempts", Attempts(story.Attempts.Select(a => (a.Method, a.Outcome))), Attempts(expected.Attempts));
        Compare(found, "ended by", WireName.Of(ended.EndedBy), WireName.Of(expected.EndedBy));
        Compare(found, "end", WireName.Of(ended.Cause), WireName.Of(expected.EndCause));
        Compare(found, "status", ended.Status?.ToString(), expected.Status?.ToString());
        // Both sides of the wire must tell the same.
        Compare(found, "status at the caller", call.SeenStatus?.ToString(), (expected.Status ?? 200).ToString());
        if (history.Call != story.Row)
            found.Add("the list of calls shows something else than the stream");
        return found;
    }

    private static string Attempts(IEnumerable<(HandoffMethod Method, TransferOutcome Outcome)> attempts) =>
        string.Join(", ", attempts.Select(a => $"{WireName.Of(a.Method)} {WireName.Of(a.Outcome)}"));

    private static void Compare(List<string> found, string what, string? actual, string? expected)
    {
        if (actual != expected)
            found.Add($"{what} is {Shown(actual)}, expected {Shown(expected)}");
    }

    private static string Shown(string? value) => string.IsNullOrEmpty(value) ? "none" : value;
}
