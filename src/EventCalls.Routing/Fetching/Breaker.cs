namespace EventCalls.Routing.Fetching;

/// <summary>Leaves a source alone that failed several times in a row, but for one question in a while that tries it again. Safe from any thread.</summary>
internal sealed class Breaker(int failures, TimeSpan pause, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _failed;
    private long _since;

    /// <summary>Whether the source may be asked.</summary>
    public bool TryPass()
    {
        lock (_gate)
        {
            if (_failed < failures)
                return true;
            if (time.GetElapsedTime(_since) < pause)
                return false;
            // One tries; the others wait for what comes of it.
            _since = time.GetTimestamp();
            return true;
        }
    }

    public void Succeeded()
    {
        lock (_gate)
            _failed = 0;
    }

    public void Failed()
    {
        lock (_gate)
        {
            _failed = Math.Min(_failed + 1, failures);
            if (_failed == failures)
                _since = time.GetTimestamp();
        }
    }
}
