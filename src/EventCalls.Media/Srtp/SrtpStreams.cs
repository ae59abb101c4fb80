namespace EventCalls.Media.Srtp;

/// <summary>The senders of one direction, by SSRC. None is ever forgotten: that would let packets be used twice under one key.</summary>
internal sealed class SrtpStreams
{
    /// <summary>How many senders a direction may have while its key lives.</summary>
    public const int Limit = 256;

    private uint[] _ssrcs = new uint[2];
    private ReplayWindow[] _windows = new ReplayWindow[2];
    private int _count;
    private int _last;

    /// <summary>Whether no further sender is taken.</summary>
    public bool IsFull => _count == Limit;

    /// <summary>What is known of a sender; null when it is new.</summary>
    public ReplayWindow? Find(uint ssrc)
    {
        if (_last < _count && _ssrcs[_last] == ssrc)
            return _windows[_last];
        int at = _ssrcs.AsSpan(0, _count).IndexOf(ssrc);
        if (at < 0)
            return null;
        _last = at;
        return _windows[at];
    }

    /// <summary>Notes a new sender; only while not full.</summary>
    public ReplayWindow Add(uint ssrc)
    {
        if (_count == _ssrcs.Length)
        {
            Array.Resize(ref _ssrcs, _count * 2);
            Array.Resize(ref _windows, _count * 2);
        }
        _ssrcs[_count] = ssrc;
        _last = _count;
        return _windows[_count++] = new ReplayWindow();
    }
}
