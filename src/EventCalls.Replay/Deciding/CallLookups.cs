using EventCalls.Contracts;
using EventCalls.Replay.Past;
using EventCalls.Routing.Lookups;

namespace EventCalls.Replay.Deciding;

/// <summary>The look-ups of one decision of a past call: as recorded, and only where that is asked for, today's.</summary>
internal sealed class CallLookups : ILookupSource
{
    private readonly RecordedLookups _recorded;
    private readonly ILookupSource? _live;
    private HashSet<(string Name, string Key)>? _asked;

    private CallLookups(IReadOnlyList<LookupAnswer> answers, ILookupSource? live)
    {
        _recorded = new RecordedLookups(answers);
        _live = live;
    }

    /// <summary>How many different questions were answered by today's tables.</summary>
    public int Live => _asked?.Count ?? 0;

    /// <summary>The answers recorded with this decision before those that the call's other decisions got.</summary>
    public static ILookupSource Of(IReadOnlyList<PastDecision> decisions, int index, ILookupSource? live)
    {
        var own = Answers(decisions[index]);
        if (decisions.Count == 1 || decisions.All(d => Answers(d).Count == 0))
            return live is null && own.Count == 0 ? Nothing : new CallLookups(own, live);
        // Of answers to the same question the last one counts.
        var all = new List<LookupAnswer>();
        for (int i = decisions.Count - 1; i >= 0; i--)
        {
            if (i != index)
                all.AddRange(Answers(decisions[i]));
        }
        all.AddRange(own);
        return new CallLookups(all, live);
    }

    public bool TryFind(string name, string key, out string? value)
    {
        if (_recorded.TryFind(name, key, out value))
            return true;
        if (_live is null || !_live.TryFind(name, key, out value))
            return false;
        (_asked ??= []).Add((name, key));
        return true;
    }

    public string Refusal(string name, string key) => _live?.Refusal(name, key) ?? _recorded.Refusal(name, key);

    /// <summary>No answers at all.</summary>
    public static ILookupSource Nothing { get; } = new RecordedLookups([]);

    private static IReadOnlyList<LookupAnswer> Answers(PastDecision decision) => decision.Selected?.Inputs?.Lookups ?? [];
}
