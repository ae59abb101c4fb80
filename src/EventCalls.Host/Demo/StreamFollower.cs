using EventCalls.Store;

namespace EventCalls.Host.Demo;

/// <summary>Reads the store as it grows, and tells the calls that have ended.</summary>
internal sealed class StreamFollower(ICallStore store)
{
    private readonly Dictionary<Guid, List<StoredEvent>> _open = [];
    private long _position;

    /// <summary>The calls whose end was stored since the last time, in the order of their ends.</summary>
    public async Task<IReadOnlyList<CallStory>> ReadEndedAsync(CancellationToken cancellationToken)
    {
        var ended = new List<CallStory>();
        await foreach (var e in store.ReadAllAsync(new EventRange { AfterPosition = _position }, cancellationToken))
        {
            _position = e.Position;
            if (!_open.TryGetValue(e.CallId, out var stream))
                _open.Add(e.CallId, stream = []);
            stream.Add(e);
            if (e.Type == "call_ended" && _open.Remove(e.CallId))
                ended.Add(CallStory.Of(stream)!);
        }
        return ended;
    }
}
