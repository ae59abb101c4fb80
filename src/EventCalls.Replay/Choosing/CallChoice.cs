using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Choosing;

/// <summary>Which past calls are decided again.</summary>
public sealed record CallChoice
{
    /// <summary>What the store is asked for.</summary>
    public CallQuery Query { get; init; } = new();

    /// <summary>What has to hold besides.</summary>
    public IReadOnlyList<CallCondition> Conditions { get; init; } = [];

    /// <summary>Only so many of them, spread evenly over all by their ids, the same ones each time; null for all.</summary>
    public int? Sample { get; init; }

    /// <summary>These calls only, by our id or the SIP Call-ID; empty for all.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>For <see cref="ReplayOptions.Chosen"/>; null when there are no conditions.</summary>
    public Func<CallRow, CallStarted, bool>? Predicate => Conditions.Count == 0 ? null : IsChosen;

    private bool IsChosen(CallRow row, CallStarted started)
    {
        foreach (var condition in Conditions)
        {
            if (!condition.IsMet(row, started))
                return false;
        }
        return true;
    }
}
