using System.Numerics;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>Calls out of a sample, as bits: first the changed ones, then the others.</summary>
internal sealed class CallSet(int calls)
{
    private readonly ulong[] _words = new ulong[(calls + 63) / 64];

    public void Add(int call) => _words[call >> 6] |= 1UL << (call & 63);

    /// <summary>How many of the calls from <paramref name="first"/> up to before <paramref name="end"/> are in it.</summary>
    public int Count(int first, int end)
    {
        int count = 0;
        for (int word = first >> 6; word < _words.Length && word << 6 < end; word++)
        {
            ulong bits = _words[word];
            if (word == first >> 6)
                bits &= ulong.MaxValue << (first & 63);
            if ((word + 1) << 6 > end)
                bits &= ulong.MaxValue >> (64 - (end & 63));
            count += BitOperations.PopCount(bits);
        }
        return count;
    }

    public CallSet And(CallSet other) => Combined(other, static (x, y) => x & y);

    public CallSet Or(CallSet other) => Combined(other, static (x, y) => x | y);

    public CallSet Without(CallSet other) => Combined(other, static (x, y) => x & ~y);

    public bool IsSame(CallSet other) => _words.AsSpan().SequenceEqual(other._words);

    private CallSet Combined(CallSet other, Func<ulong, ulong, ulong> combine)
    {
        var combined = new CallSet(_words.Length * 64);
        for (int i = 0; i < _words.Length; i++)
            combined._words[i] = combine(_words[i], other._words[i]);
        return combined;
    }
}

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
