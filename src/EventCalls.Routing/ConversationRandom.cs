namespace EventCalls.Routing;

/// <summary>Random numbers that come out the same when the decision is taken again.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood 2014), written out here: <see cref="System.Random"/> promises no sequence over versions of .NET,
/// and a decision must be repeatable years later and on another machine.
/// </remarks>
public sealed class ConversationRandom
{
    private readonly List<ConversationRead>? _reads;
    private ulong _state;

    internal ConversationRandom(int seed, List<ConversationRead>? reads = null)
    {
        _state = (uint)seed;
        _reads = reads;
    }

    /// <summary>Whether a number was drawn.</summary>
    internal bool Drawn { get; private set; }

    /// <summary>A number from 0 up to, not including, <paramref name="max"/> (over 0).</summary>
    public int Next(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        // Lemire's multiplication without rejection: the bias is below max / 2^32.
        int value = (int)(((Draw() >> 32) * (ulong)max) >> 32);
        _reads?.Add(new ConversationRead("random", value.ToString()));
        return value;
    }

    /// <summary>A number from <paramref name="min"/> up to, not including, <paramref name="max"/>.</summary>
    public int Next(int min, int max)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(min, max);
        long range = (long)max - min;
        int value = (int)(min + (long)(((Draw() >> 32) * (ulong)range) >> 32));
        _reads?.Add(new ConversationRead("random", value.ToString()));
        return value;
    }

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public double NextDouble()
    {
        double value = (Draw() >> 11) * (1.0 / (1UL << 53));
        _reads?.Add(new ConversationRead("random", value.ToString("R")));
        return value;
    }

    /// <summary>True in <paramref name="percent"/> of 100 draws.</summary>
    public bool Percent(double percent) => NextDouble() * 100 < percent;

    /// <summary>One of the items, each as likely.</summary>
    public T Pick<T>(params IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count == 0)
            throw new ArgumentException("There is nothing to pick from.", nameof(items));
        return items[Next(items.Count)];
    }

    private ulong Draw()
    {
        Drawn = true;
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
