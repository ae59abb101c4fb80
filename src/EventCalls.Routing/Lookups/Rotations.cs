using System.Collections.Concurrent;
using System.Globalization;

namespace EventCalls.Routing.Lookups;

/// <summary>The counts behind <see cref="Conversation.Rotate(string)"/>, asked for as look-ups named <c>rotate:NAME</c> so that they are recorded as those are.</summary>
internal sealed class Rotations
{
    /// <summary>No table can be named so: a colon separates the levels of configuration.</summary>
    public const string Prefix = "rotate:";

    /// <summary>How many names have a count.</summary>
    public const int MaxNames = 10_000;

    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);
    private readonly Lock _forgetting = new();
    private long _asked;

    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The next number of a name, from 0. Names that were not asked for longest are forgotten when there are too many.</summary>
    public string Next(string name)
    {
        if (!_counts.TryGetValue(name, out var count))
        {
            if (_counts.Count >= MaxNames)
                Forget();
            count = _counts.GetOrAdd(name, static _ => new Count());
        }

        return count.Next(Interlocked.Increment(ref _asked)).ToString(CultureInfo.InvariantCulture);
    }

    // Half of them, so that it is seldom: logic that has a name for each caller takes nothing from those that have a few.
    private void Forget()
    {
        lock (_forgetting)
        {
            if (_counts.Count < MaxNames)
                return;
            foreach (var (name, _) in _counts.OrderBy(pair => pair.Value.LastAsked).Take(MaxNames / 2).ToList())
                _counts.TryRemove(name, out _);
        }
    }

    private sealed class Count
    {
        private long _next = -1;
        private long _lastAsked;

        public long LastAsked => Volatile.Read(ref _lastAsked);

        public long Next(long asked)
        {
            Volatile.Write(ref _lastAsked, asked);
            return Interlocked.Increment(ref _next) & long.MaxValue;
        }
    }
}
