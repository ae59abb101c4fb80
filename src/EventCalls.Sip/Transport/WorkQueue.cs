namespace EventCalls.Sip.Transport;

/// <summary>The work of a shard that has no thread: whoever moves its clock does it.</summary>
public sealed class WorkQueue
{
    private readonly ShardInbox _inbox = new();

    /// <summary>Takes work, from any thread.</summary>
    public void Post(ShardWork work) => _inbox.Add(work);

    /// <summary>Does all that was posted, and what that posts.</summary>
    public void Run()
    {
        while (_inbox.TakeAll() is { } work)
        {
            for (ShardWork? next = work; next is not null;)
            {
                // Work that is posted again while it runs is linked anew.
                var following = next.Next;
                next.Run();
                next = following;
            }
        }
    }
}
