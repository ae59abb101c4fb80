using System.Collections.Concurrent;
using System.Globalization;

namespace EventCalls.Routing.Lookups;

/// <summary>The counts behind <see cref="Conversation.Rotate(string)"/>, asked for as look-ups named <c>rotate:NAME</c> so that they are recorded as those are.</summary>
internal sealed class Rotations
{
    /// <summary>No table can be named so: a colon separates the levels of configuration.</summary>
    public const string Prefix = "rotate:";

    /// <summary>Why there is no count.</summary>
    public const string Refusal = "conv.Rotate was given too many different names: each has a count that is kept; use a few fixed words.";

    private const int MaxNames = 10_000;

    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The next number of a name, from 0; false when there are too many names.</summary>
    public bool TryNext(string name, out string? value)
    {
        value = null;
        if (!_counts.TryGetValue(name, out var count))
        {
            if (_counts.Count >= MaxNames)
                return false;
            count = _counts.GetOrAdd(name, static _ => new Count());
        }

        value = count.Next().ToString(CultureInfo.InvariantCulture);
        return true;
    }

    private sealed class Count
    {
        private long _next = -1;

        public long Next() => Interlocked.Increment(ref _next) & long.MaxValue;
    }
}
