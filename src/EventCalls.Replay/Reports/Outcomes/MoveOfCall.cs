using EventCalls.Contracts;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>From where to where a call moved: at the first decision that has another flow; else another first target; else any other field.</summary>
internal readonly record struct MoveOfCall(int Retry, int Index, string FromFlow, string ToFlow, Target FromTarget, Target ToTarget)
{
    /// <summary>Whether the flow is another one.</summary>
    public bool ChangesFlow => FromFlow != ToFlow;

    /// <summary>Whether the first target is another one.</summary>
    public bool ChangesTarget => FromTarget != ToTarget;

    /// <summary>The move of a call; null when it has no decision that can be compared.</summary>
    public static MoveOfCall? Of(ReplayedCall call, TargetTable targets)
    {
        int index = -1;
        for (int i = 0; i < call.Decisions.Count && index < 0; i++)
        {
            if (call.Decisions[i] is { Now: { } now } decision && decision.Was.Flow != now.Flow)
                index = i;
        }
        for (int i = 0; i < call.Decisions.Count && index < 0; i++)
        {
            if (call.Decisions[i] is { Now: { } now } decision && !SameTarget.Comparer.Equals(First(decision.Was), First(now)))
                index = i;
        }
        if (index < 0 && call.Changes.Count > 0)
            index = Math.Max(0, IndexOf(call.Decisions, RetryOf(call.Changes[0].Field)));
        index = Math.Max(0, index);
        if (index >= call.Decisions.Count || call.Decisions[index].Now is not { } to)
            return null;
        var from = call.Decisions[index].Was;
        return new MoveOfCall(call.Decisions[index].Retry, index, from.Flow, to.Flow, Target(from, targets), Target(to, targets));
    }

    /// <summary>The first step of a decision; null when it has none.</summary>
    public static Handoff? First(Decided decided) => decided.Steps.Count > 0 ? decided.Steps[0] : null;

    /// <summary>The first target of a decision.</summary>
    public static Target Target(Decided decided, TargetTable targets) => First(decided) is { } step ? targets.Of(step) : targets.None;

    /// <summary>The decision a field is of, from <c>retry[n].</c> before it; 0 without.</summary>
    public static int RetryOf(string field) =>
        field.StartsWith("retry[", StringComparison.Ordinal) && field.IndexOf(']') is > 0 and var end && int.TryParse(field.AsSpan(6, end - 6), out int retry) ? retry : 0;

    private static int IndexOf(IReadOnlyList<ReplayedDecision> decisions, int retry)
    {
        for (int i = 0; i < decisions.Count; i++)
        {
            if (decisions[i].Retry == retry)
                return i;
        }
        return -1;
    }
}
