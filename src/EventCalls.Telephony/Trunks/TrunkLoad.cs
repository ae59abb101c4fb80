using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Trunks;

/// <summary>How many calls of a trunk there are, and how many more it may begin. Safe from any thread.</summary>
internal sealed class TrunkLoad
{
    private readonly int _perSecond;
    private readonly int _most;
    private readonly Lock _lock = new();
    private double _allowed;
    private long _at;
    private int _open;

    private long _refused;
    private long _refusedAt;

    /// <summary>No call yet.</summary>
    public TrunkLoad(TrunkOptions options)
    {
        _perSecond = options.MaxCallsPerSecond;
        _most = options.MaxCalls;
        _allowed = _perSecond;
    }

    /// <summary>Whether a call can be too many.</summary>
    public bool IsLimited => _most > 0 || _perSecond > 0;

    /// <summary>How many may be open; 0 for as many as come.</summary>
    public int MaxCalls => _most;

    /// <summary>How many may begin in a second; 0 for as many as come.</summary>
    public int MaxCallsPerSecond => _perSecond;

    /// <summary>How many are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>How many were too many since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>When the last one was; null when none was.</summary>
    public DateTimeOffset? RefusedAt => Interlocked.Read(ref _refusedAt) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>Why a call is too many, with the key that says so; null when it is not, and then it is counted.</summary>
    /// <param name="name">The trunk's name.</param>
    /// <param name="now">The time, milliseconds.</param>
    public string? WhyFull(string name, long now)
    {
        if (Why(name, now) is not { } why)
            return null;
        Interlocked.Increment(ref _refused);
        Interlocked.Exchange(ref _refusedAt, now);
        return why;
    }

    /// <summary>A call began.</summary>
    public void Began() => Interlocked.Increment(ref _open);

    /// <summary>A call is over.</summary>
    public void Ended() => Interlocked.Decrement(ref _open);

    private string? Why(string name, long now)
    {
        if (_most > 0 && Volatile.Read(ref _open) >= _most)
            return $"{_most} calls of the trunk are open (Trunks:{name}:MaxCalls)";
        if (_perSecond == 0)
            return null;
        lock (_lock)
        {
            // A second's calls may come at once; no more are saved up.
            _allowed = Math.Min(_perSecond, _allowed + (Math.Max(0, now - _at) * _perSecond / 1000.0));
            _at = now;
            if (_allowed < 1)
                return $"the trunk began {_perSecond} calls within a second (Trunks:{name}:MaxCallsPerSecond)";
            _allowed--;
            return null;
        }
    }
}
