using System.Numerics;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>Calls out of a sample, as bits: first the changed ones, then the others.</summary>
internal sealed class CallSet(int calls)
{
    private readonly ulong[] _words = new ulong[(calls + 63) / 64];

    public void Add(int call) => _words[call >> 6] |= 1UL << (call & 63);

    public bool Has(int call) => (_words[call >> 6] & (1UL << (call & 63))) != 0;

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
