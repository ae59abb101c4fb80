using EventCalls.Replay.Past;
using EventCalls.Store;

namespace EventCalls.Replay.Deciding;

/// <summary>Some hundred past calls that are decided together; each is read once, however many versions decide it.</summary>
/// <param name="calls">The calls as the store has them.</param>
internal sealed class PastBlock(IReadOnlyList<CallHistory> calls)
{
    private readonly PastCall?[] _read = new PastCall?[calls.Count];

    /// <summary>How many calls.</summary>
    public int Count => calls.Count;

    /// <summary>One call, read now or before. Two threads may read the same one: either result does.</summary>
    public PastCall this[int index] => _read[index] ??= PastCallReader.Read(calls[index]);

    /// <summary>Reads all calls, before several versions ask for them at the same time.</summary>
    public void ReadAll()
    {
        for (int i = 0; i < _read.Length; i++)
            _ = this[i];
    }
}
