namespace EventCalls.Telephony.Calls;

/// <summary>The open calls of one shard, by call id. Touched by the shard's thread alone; the count may be read from any.</summary>
internal sealed class CallTable
{
    private readonly Dictionary<Guid, Call> _calls = [];
    private int _count;

    /// <summary>How many calls are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The open call of that id; null when it is unknown or over.</summary>
    public Call? Find(Guid callId) => _calls.GetValueOrDefault(callId);

    /// <summary>Adds a call that begins.</summary>
    public void Add(Call call)
    {
        _calls.Add(call.Id, call);
        call.Trunk.Load.Began();
        Volatile.Write(ref _count, _calls.Count);
    }

    /// <summary>Takes out a call that is over.</summary>
    public void Remove(Call call)
    {
        if (_calls.Remove(call.Id))
            call.Trunk.Load.Ended();
        Volatile.Write(ref _count, _calls.Count);
    }

    /// <summary>The open calls as they are now, for whoever ends them all.</summary>
    public Call[] Snapshot() => [.. _calls.Values];
}
