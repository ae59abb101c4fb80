namespace EventCalls.Routing.Deciders;

/// <summary>Numbers what is sent to a process once and named from then on. Called by whoever sends, one thread at a time, but for <see cref="Add"/>.</summary>
internal sealed class SentOnce<T>
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<T, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private T? _last;
    private int _lastNumber;
    private int _count;

    /// <summary>Its number, from 1; new when the process does not have it yet.</summary>
    public int Number(T thing, out bool isNew)
    {
        isNew = false;
        lock (_gate)
        {
            if (ReferenceEquals(thing, _last))
                return _lastNumber;
            if (!_numbers.TryGetValue(thing, out int number))
            {
                isNew = true;
                _numbers[thing] = number = ++_count;
            }

            (_last, _lastNumber) = (thing, number);
            return number;
        }
    }

    /// <summary>A number for what the process will make itself.</summary>
    public int Next()
    {
        lock (_gate)
            return ++_count;
    }

    /// <summary>The process has made it, under a number of <see cref="Next"/>.</summary>
    public void Add(T thing, int number)
    {
        lock (_gate)
            _numbers[thing] = number;
    }

    /// <summary>Forgets it; its number, or null when it was never sent.</summary>
    public int? Forget(T thing)
    {
        lock (_gate)
        {
            if (ReferenceEquals(thing, _last))
                _last = null;
            return _numbers.Remove(thing, out int number) ? number : null;
        }
    }
}
