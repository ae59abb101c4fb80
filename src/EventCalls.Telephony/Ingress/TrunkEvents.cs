using EventCalls.Contracts;

namespace EventCalls.Telephony.Ingress;

/// <summary>The trunks' servers that went down or came up since the node began: what heartbeats carry to the recorder, and what is still to be published. Safe from any thread.</summary>
internal sealed class TrunkEvents
{
    /// <summary>How many are carried, the newest; what is older is on record long since.</summary>
    public const int MostCarried = 100;

    private readonly Lock _gate = new();
    private readonly Queue<TrunkEvent> _carried = new();
    private readonly Queue<TrunkEvent> _untold = new();
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The newest, in order.</summary>
    public IReadOnlyList<TrunkEvent> Carried
    {
        get
        {
            lock (_gate)
                return [.. _carried];
        }
    }

    /// <summary>Completes with the next that is added after it was asked for.</summary>
    public Task Added
    {
        get
        {
            lock (_gate)
                return _added.Task;
        }
    }

    /// <summary>Adds one.</summary>
    public void Add(TrunkEvent e)
    {
        TaskCompletionSource added;
        lock (_gate)
        {
            Bound(_carried, e);
            Bound(_untold, e);
            (added, _added) = (_added, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        added.SetResult();
    }

    /// <summary>Publishes what was not, the oldest first; what the bus does not take stays for the next time. One caller at a time.</summary>
    public async Task TellAsync(INodeMessages messages, CancellationToken cancellationToken)
    {
        while (First() is { } next)
        {
            await messages.TellAsync(next, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                if (_untold.TryPeek(out var first) && first == next)
                    _untold.Dequeue();
            }
        }
    }

    private TrunkEvent? First()
    {
        lock (_gate)
            return _untold.TryPeek(out var first) ? first : null;
    }

    private static void Bound(Queue<TrunkEvent> queue, TrunkEvent e)
    {
        if (queue.Count == MostCarried)
            queue.Dequeue();
        queue.Enqueue(e);
    }
}
