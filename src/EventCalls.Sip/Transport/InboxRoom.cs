namespace EventCalls.Sip.Transport;

/// <summary>How many received messages may wait for the shards of a node: beyond that connections are not read on, and datagrams are dropped, as the system does with what is not read.</summary>
internal sealed class InboxRoom(int messages)
{
    private readonly SemaphoreSlim _places = new(messages);
    private long _dropped;

    /// <summary>Datagrams dropped since the start.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Places nobody has.</summary>
    public int Free => _places.CurrentCount;

    /// <summary>Takes a place for a datagram; false when there is none, and the datagram is counted as dropped.</summary>
    public bool TryTake()
    {
        if (_places.Wait(0))
            return true;
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Waits a while for a place.</summary>
    public bool Take(TimeSpan longest) => _places.Wait(longest);

    /// <summary>Gives a place back.</summary>
    public void Give() => _places.Release();
}
