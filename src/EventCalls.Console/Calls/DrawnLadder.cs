using EventCalls.Replay.Audit;
using EventCalls.Store;

namespace EventCalls.Console.Calls;

/// <summary>Makes the ladder of a call.</summary>
internal static class DrawnLadder
{
    public const string Caller = "caller";
    public const string Us = "EventCalls";
    public const string Target = "target";

    public static LadderObject Of(CallHistory call)
    {
        var ladder = new Ladder();
        var begin = call.Events is [var first, ..] ? first.OccurredAt : call.Call.StartedAt;
        var steps = new List<LadderStepObject>(call.Events.Count);
        foreach (var e in call.Events)
        {
            var step = ladder.Next(e.Type, e.Data);
            steps.Add(new LadderStepObject(e.Version, e.Type, e.OccurredAt, (e.OccurredAt - begin).TotalMilliseconds, step.Tone, [.. Arrows(step)], step.Words));
        }
        return new LadderObject(call.Call.CallId, begin, [Caller, Us, Target], steps);
    }

    private static IEnumerable<LadderArrowObject> Arrows(LadderStep step)
    {
        if (step.Caller is { } caller)
            yield return Between(Caller, Us, caller);
        if (step.CallerThen is { } then)
            yield return Between(Caller, Us, then);
        if (step.Target is { } target)
            yield return Between(Us, Target, target);
    }

    private static LadderArrowObject Between(string left, string right, LadderArrow arrow) =>
        arrow.ToTheRight ? new LadderArrowObject(left, right, arrow.Label) : new LadderArrowObject(right, left, arrow.Label);
}
