using EventCalls.Contracts;
using EventCalls.Replay.Past;
using EventCalls.Routing.Lookups;

namespace EventCalls.Replay.Deciding;

/// <summary>The look-ups of one decision of a past call: as recorded, and only where that is asked for, today's.</summary>
/// <param name="answers">The recorded answers.</param>
/// <param name="live">Today's tables.</param>
internal sealed class CallLookups(IReadOnlyList<LookupAnswer> answers, ILookupSource live) : ILookupSource
{
    private readonly RecordedLookups _recorded = new(answers);
    private HashSet<(string Name, string Key)>? _asked;

    /// <summary>How many different questions were answered by today's tables.</summary>
    public int Live => _asked?.Count ?? 0;

    /// <summary>The answers recorded with this decision behind those that the call's other decisions got: of answers to the same question the last one counts.</summary>
    public static IReadOnlyList<LookupAnswer> Recorded(IReadOnlyList<PastDecision> decisions, int index)
    {
        var own = Answers(decisions[index]);
        if (decisions.Count == 1 || decisions.All(d => Answers(d).Count == 0))
            return own;
        var all = new List<LookupAnswer>();
        for (int i = decisions.Count - 1; i >= 0; i--)
        {
            if (i != index)
                all.AddRange(Answers(decisions[i]));
        }
        all.AddRange(own);
        return all;
    }

    public bool TryFind(string name, string key, out string? value)
    {
        if (_recorded.TryFind(name, key, out value))
            return true;
        if (!live.TryFind(name, key, out value))
            return false;
        (_asked ??= []).Add((name, key));
        return true;
    }

    public bool Refuses(string name, string key) => _recorded.Refuses(name, key);

    public string Refusal(string name, string key) => Refuses(name, key) ? _recorded.Refusal(name, key) : live.Refusal(name, key);

    /// <summary>No answers at all.</summary>
    public static ILookupSource Nothing { get; } = new RecordedLookups([]);

    private static IReadOnlyList<LookupAnswer> Answers(PastDecision decision) => decision.Selected?.Inputs?.Lookups ?? [];
}
