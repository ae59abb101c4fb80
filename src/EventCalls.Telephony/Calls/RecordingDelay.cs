namespace EventCalls.Telephony.Calls;

/// <summary>Tells when recording has become so slow that a new call would be decided too late: then it is better refused at once.</summary>
/// <remarks>
/// Of all calls whose first event was confirmed in a tenth of a second, the one that waited least counts: a single slow one is none of the others' business, and a queue that
/// stands makes everybody wait. Too many calls taken in would make all of them late, and late calls are asked and sent again. Safe from any thread.
/// </remarks>
internal sealed class RecordingDelay(TimeSpan limit, TimeProvider time)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(100);

    // Long enough for a queue of what was too much to get shorter, and then it is looked at again.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private long _windowBegan;
    private TimeSpan? _least;
    private long? _lateSince;

    /// <summary>Whether new calls should be refused now.</summary>
    public bool IsTooLong
    {
        get
        {
            lock (_gate)
                return _lateSince is { } since && time.GetElapsedTime(since) < s_pause;
        }
    }

    /// <summary>The first event of a call was confirmed.</summary>
    /// <param name="appendedAt">When it was given to the journal, by <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void OnConfirmed(long appendedAt)
    {
        long now = time.GetTimestamp();
        var waited = time.GetElapsedTime(appendedAt, now);
        lock (_gate)
        {
            if (time.GetElapsedTime(_windowBegan, now) >= s_window)
                (_windowBegan, _least) = (now, null);
            if (_least is null || waited < _least)
                _least = waited;
            _lateSince = _least > limit ? now : null;
        }
    }
}
