namespace EventCalls.Routing.Deciding;

/// <summary>How a version of logic behaves, to stop asking one that only runs over its limit.</summary>
internal sealed class LogicHealth
{
    /// <summary>Threads that a version may leave hanging before it is asked no more.</summary>
    public const int MaxAbandoned = 16;

    private const int MaxOverrunsInARow = 16;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private int _abandoned;
    private int _overrunsInARow;
    private DateTimeOffset _pausedUntil;

    /// <summary>Whether its last decision ran over the limit, or one of it hangs.</summary>
    public bool IsTroubled => Volatile.Read(ref _overrunsInARow) > 0 || Volatile.Read(ref _abandoned) > 0;

    /// <summary>Why the version is not asked now; null when it may be.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pause">Whether a version whose decisions all run over the limit is left alone for a while.</param>
    public string? Refusal(DateTimeOffset now, bool pause)
    {
        if (Volatile.Read(ref _overrunsInARow) < MaxOverrunsInARow && Volatile.Read(ref _abandoned) < MaxAbandoned)
            return null;
        lock (_gate)
        {
            if (_abandoned >= MaxAbandoned)
                return $"The logic is disabled until a new version is loaded: {_abandoned} of its decisions hang and could not be stopped.";
            if (!pause || _overrunsInARow < MaxOverrunsInARow || now >= _pausedUntil)
                return null;
            return $"The logic is paused: its last {_overrunsInARow} decisions ran over the time limit.";
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

    /// <summary>A thread hangs in a decision.</summary>
    public void Abandoned() => Interlocked.Increment(ref _abandoned);

    /// <summary>A thread that hung has ended after all.</summary>
    public void Returned() => Interlocked.Decrement(ref _abandoned);
}
