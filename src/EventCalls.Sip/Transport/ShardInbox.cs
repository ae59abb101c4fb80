namespace EventCalls.Sip.Transport;

/// <summary>Work from other threads, first in first out; many may add, the shard alone takes.</summary>
internal sealed class ShardInbox
{
    private ShardWork? _newest;

    public bool IsEmpty => Volatile.Read(ref _newest) is null;

    public void Add(ShardWork work)
    {
        ShardWork? newest;
        do
        {
            newest = Volatile.Read(ref _newest);
            work.Next = newest;
        }
        while (Interlocked.CompareExchange(ref _newest, work, newest) != newest);
    }

    /// <summary>All work added so far, the oldest first, linked by <see cref="ShardWork.Next"/>.</summary>
    public ShardWork? TakeAll()
    {
        if (IsEmpty)
            return null;
        var work = Interlocked.Exchange(ref _newest, null);
        ShardWork? oldest = null;
        while (work is not null)
        {
            var older = work.Next;
            work.Next = oldest;
            oldest = work;
            work = older;
        }
        return oldest;
    }
}
