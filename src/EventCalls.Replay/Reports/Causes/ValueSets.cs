namespace EventCalls.Replay.Reports.Causes;

/// <summary>Sorts calls by the value they have; values that no changed call has are not kept.</summary>
/// <param name="calls">The calls.</param>
/// <param name="least">How many changed calls have to have a value.</param>
internal sealed class ValueSets(ComparedCalls calls, int least)
{
    private readonly Dictionary<string, CallSet> _byValue = new(StringComparer.Ordinal);

    /// <summary>Makes the text of a call's value.</summary>
    public delegate ReadOnlySpan<char> ValueOf(CallFacts facts);

    /// <summary>How many values changed calls have.</summary>
    public int Distinct => _byValue.Count;

    /// <summary>Takes one value of every call; an empty one is none.</summary>
    public void AddEach(ValueOf value)
    {
        for (int i = 0; i < calls.Facts.Count; i++)
        {
            var text = value(calls.Facts[i]);
            if (!text.IsEmpty)
                Add(i, text);
        }
    }

    /// <summary>Takes a value of a call; the changed calls come first.</summary>
    public void Add(int call, ReadOnlySpan<char> value)
    {
        var lookup = _byValue.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(value, out var set))
        {
            if (call >= calls.Changed)
                return;
            lookup[value] = set = new CallSet(calls.Facts.Count);
        }
        set.Add(call);
    }

    /// <summary>The values that enough changed calls have.</summary>
    public Dictionary<string, CallSet> Frequent() =>
        _byValue.Where(v => v.Value.Count(0, calls.Changed) >= least).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
}
