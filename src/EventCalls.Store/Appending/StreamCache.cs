namespace EventCalls.Store.Appending;

/// <summary>The states of streams that are still open, as the last append left them, so that the next one need not read them again. Safe from any thread.</summary>
/// <remarks>
/// A state is good only while the stream still has that version in the database: streams only grow, so the same version means the same
/// events and the same row. Who takes a state must see to that under the stream's lock.
/// </remarks>
/// <param name="capacity">About how many streams are kept, 2 or more.</param>
public sealed class StreamCache(int capacity)
{
    private readonly Lock _gate = new();

    // Two halves: when the young one is full it becomes the old one, and what was not used since the last time is forgotten.
    private Dictionary<Guid, StreamState> _young = [];
    private Dictionary<Guid, StreamState> _old = [];

    /// <summary>Takes the state out, for an append to change; null when it is not here.</summary>
    public StreamState? Take(Guid callId)
    {
        lock (_gate)
            return _young.Remove(callId, out var state) || _old.Remove(callId, out state) ? state : null;
    }

    /// <summary>Puts states in after their append was committed.</summary>
    public void Put(IEnumerable<StreamState> states)
    {
        lock (_gate)
        {
            foreach (var state in states)
            {
                if (state.Ended || state.Version == 0)
                    continue;
                state.StoredVersion = state.Version;
                state.IsStarted = false;
                if (_young.Count >= capacity / 2)
                    (_old, _young) = (_young, []);
                _young[state.CallId] = state;
            }
        }
    }
}
