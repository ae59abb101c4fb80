namespace EventCalls.Routing.Limits;

/// <summary>How a version of logic behaves, to stop asking one that only runs over its limit.</summary>
internal sealed class LogicHealth
{
    /// <summary>Threads that a version may leave hanging before it is asked no more.</summary>
    public const int MaxAbandoned = 16;

    /// <summary>Processes that a version may end within <see cref="s_killWindow"/> before it is left alone for a while: starting them is most of what the machine does then.</summary>
    public const int MaxKilled = 120;

    private const int MaxOverrunsInARow = 16;
    private static readonly TimeSpan s_killWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _killed = new();
    private int _abandoned;
    private bool _killsTooMany;
    private int _overrunsInARow;
    private DateTimeOffset _pausedUntil;

    /// <summary>Whether its last decision ran over the limit, or one of it hangs.</summary>
    public bool IsTroubled => Volatile.Read(ref _overrunsInARow) > 0 || Volatile.Read(ref _abandoned) > 0;

    /// <summary>Why the version is not asked now; null when it may be.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pause">Whether a version whose decisions all run over the limit is left alone for a while.</param>
    public string? Refusal(DateTimeOffset now, bool pause)
    {
        if (Volatile.Read(ref _overrunsInARow) < MaxOverrunsInARow && Volatile.Read(ref _abandoned) < MaxAbandoned && !Volatile.Read(ref _killsTooMany))
            return null;
        lock (_gate)
        {
            if (_abandoned >= MaxAbandoned)
                return $"The logic is disabled until a new version is loaded: {_abandoned} of its decisions hang and could not be stopped.";
            if (_killsTooMany && now < _pausedUntil)
                return $"The logic is paused: it ended {MaxKilled} deciders within a minute.";
            _killsTooMany = false;
            if (!pause || _overrunsInARow < MaxOverrunsInARow || now >= _pausedUntil)
                return null;
            return $"The logic is paused: its last {_overrunsInARow} decisions ran over their limits.";
        }
    }

    /// <summary>A decision came in time, whatever it was.</summary>
    public void InTime()
    {
        if (Volatile.Read(ref _overrunsInARow) != 0)
            Volatile.Write(ref _overrunsInARow, 0);
    }

    /// <summary>A decision ran over its limit.</summary>
    public void Overran(DateTimeOffset now)
    {
        lock (_gate)
        {
            _overrunsInARow++;
            _pausedUntil = now + s_pause;
        }
    }

    /// <summary>A decision ended its process, or was ended with it.</summary>
    public void Killed(DateTimeOffset now)
    {
        lock (_gate)
        {
            _killed.Enqueue(now);
            while (now - _killed.Peek() > s_killWindow)
                _killed.Dequeue();
            if (_killed.Count < MaxKilled)
                return;
            _killed.Clear();
            _killsTooMany = true;
            _pausedUntil = now + s_pause;
        }
    }

    /// <summary>A thread hangs in a decision.</summary>
    public void Abandoned() => Interlocked.Increment(ref _abandoned);

    /// <summary>A thread that hung has ended after all.</summary>
    public void Returned() => Interlocked.Decrement(ref _abandoned);
}
