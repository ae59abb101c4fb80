using EventCalls.Sip.Transport;

namespace EventCalls.Testing.Sip;

/// <summary>A shard's inbox without a thread: what is posted is done when the test says so.</summary>
public sealed class VirtualInbox
{
    private readonly Queue<ShardWork> _work = new();

    /// <summary>Takes work, as <see cref="SipShard.Post"/> does.</summary>
    public void Post(ShardWork work)
    {
        lock (_work)
            _work.Enqueue(work);
    }

    /// <summary>Does all that was posted, and what that posts.</summary>
    public void Run()
    {
        while (true)
        {
            ShardWork? next;
            lock (_work)
            {
                if (!_work.TryDequeue(out next))
                    return;
            }
            next.Run();
        }
    }
}
