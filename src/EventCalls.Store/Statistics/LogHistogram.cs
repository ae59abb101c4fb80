using System.Numerics;

namespace EventCalls.Store.Statistics;

/// <summary>How often values of each size came, in buckets that grow with the value, so that two can be added and a percentile is off by 3% at most.</summary>
/// <remarks>Each doubling has 32 buckets; values below 32 are exact. Only buckets that hold something are kept. Not safe for several threads.</remarks>
public sealed class LogHistogram
{
    private const int Bits = 5;
    private const int PerDoubling = 1 << Bits;

    /// <summary>How many values each bucket holds, by the bucket's number.</summary>
    public SortedDictionary<int, long> Buckets { get; init; } = [];

    /// <summary>The greatest value that came; 0 when none did.</summary>
    public long Greatest { get; set; }

    /// <summary>How many values came.</summary>
    public long Count() => Buckets.Values.Sum();

    /// <summary>Counts a value.</summary>
    /// <param name="value">The value, 0 or more; less counts as 0.</param>
    public void Add(long value)
    {
        value = Math.Max(0, value);
        int bucket = BucketOf(value);
        Buckets[bucket] = Buckets.GetValueOrDefault(bucket) + 1;
        Greatest = Math.Max(Greatest, value);
    }

    /// <summary>Counts all that the other one counted.</summary>
    public void Add(LogHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (bucket, count) in other.Buckets)
            Buckets[bucket] = Buckets.GetValueOrDefault(bucket) + count;
        Greatest = Math.Max(Greatest, other.Greatest);
    }

    /// <summary>The value that this share of all values does not exceed; null when no value came.</summary>
    /// <param name="share">0 to 1.</param>
    public long? Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        long wanted = Math.Max(1, (long)Math.Ceiling(share * Count()));
        foreach (var (bucket, count) in Buckets)
        {
            wanted -= count;
            if (wanted <= 0)
                return Math.Min(GreatestOf(bucket), Greatest);
        }
        return null;
    }

    private static int BucketOf(long value)
    {
        if (value < PerDoubling)
            return (int)value;
        int doublings = BitOperations.Log2((ulong)value) - Bits;
        return (doublings * PerDoubling) + (int)(value >> doublings);
    }

    private static long GreatestOf(int bucket)
    {
        if (bucket < 2 * PerDoubling)
            return bucket;
        int doublings = (bucket / PerDoubling) - 1;
        long least = (long)(bucket - (doublings * PerDoubling)) << doublings;
        return least + (1L << doublings) - 1;
    }
}
