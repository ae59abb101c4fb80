using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Choosing;

namespace EventCalls.Replay.Gate;

/// <summary>A change that was announced: which calls, what may become what, why, by whom and until when. It excuses what it names and nothing else.</summary>
public sealed class ExpectedChange
{
    private const string Retry = "retry[";

    internal ExpectedChange()
    {
    }

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>All of it, as the file has it.</summary>
    internal string Text { get; init; } = "";

    /// <summary>Why the change is wanted.</summary>
    public required string Reason { get; init; }

    /// <summary>Who answers for it.</summary>
    public required string Author { get; init; }

    /// <summary>The last day it holds, UTC.</summary>
    public required DateOnly Expires { get; init; }

    /// <summary>The flow as it was, or how it begins with <c>*</c>; null for any.</summary>
    internal string? Flow { get; init; }

    /// <summary>The first target as it was, as people name it, or how it begins with <c>*</c>; null for any.</summary>
    internal string? Target { get; init; }

    /// <summary>What must hold of the call besides.</summary>
    internal IReadOnlyList<CallCondition> Conditions { get; init; } = [];

    /// <summary>What may become what: field, value it had and value it has, each as it is or with <c>*</c> at the end; an absent value is the empty text.</summary>
    internal IReadOnlyList<(string Field, string Was, string Now)> May { get; init; } = [];

    /// <summary>How many calls changed as it says.</summary>
    public long Calls { get; internal set; }

    /// <summary>Whether it no longer holds.</summary>
    public bool IsExpired(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime) > Expires;

    /// <summary>Whether it is about this call.</summary>
    internal bool IsAbout(ReplayedCall call) =>
        (Flow is null || call.Decisions.Any(d => IsLike(Flow, d.Was.Flow)))
        && (Target is null || call.Decisions.Any(d => d.Was.Steps.Count > 0 && IsTarget(Target, d.Was.Steps[0])))
        && Conditions.All(condition => condition.IsMet(call.Call, call.Started));

    /// <summary>Whether it lets a field become what it became.</summary>
    internal bool Allows(FieldChange change)
    {
        string field = change.Field.StartsWith(Retry, StringComparison.Ordinal) ? change.Field[(change.Field.IndexOf('.', StringComparison.Ordinal) + 1)..] : change.Field;
        foreach (var (name, was, now) in May)
        {
            if (IsLike(name, field) && IsLike(was, change.Was ?? "") && IsLike(now, change.Now ?? ""))
                return true;
        }
        return false;
    }

    private static bool IsTarget(string pattern, Handoff step) =>
        !pattern.EndsWith('*') ? TargetName.IsMeant(pattern, step)
        : IsLike(pattern, HandoffWords.Of(step)) || IsLike(pattern, step.PhoneNumber ?? "") || IsLike(pattern, step.ReferTo ?? "");

    private static bool IsLike(string pattern, string text) =>
        pattern.EndsWith('*') ? text.AsSpan().StartsWith(pattern.AsSpan(..^1), StringComparison.Ordinal) : text == pattern;
}
