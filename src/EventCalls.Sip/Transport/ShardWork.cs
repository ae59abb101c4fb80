namespace EventCalls.Sip.Transport;

/// <summary>Something to be done on a shard's thread, posted from another; it is its own place in the inbox.</summary>
public abstract class ShardWork
{
    internal ShardWork? Next;

    /// <summary>Runs on the shard's thread; must return soon and not throw.</summary>
    protected internal abstract void Run();
}
