using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Replay.Canary;

/// <summary>Follows the share that holds, and what calls come to meanwhile. All of it is read from the store: who starts later comes to the same.</summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
public sealed class CanaryFollower(ICallStore store, TimeProvider time)
{
    private CanaryRecord? _record;
    private EventTail? _tail;
    private CanaryTally? _tally;

    /// <summary>How the challenger stands after what is new was read; null when there never was one.</summary>
    public async Task<CanaryStatus?> ReadAsync(CancellationToken cancellationToken)
    {
        var kept = await ((ILogicSteering)store).LastProofAsync(ProofKind.Canary, cancellationToken).ConfigureAwait(false);
        if (kept is null)
            return null;
        if (_record?.Number != kept.Number)
        {
            _record = CanaryRecord.Read(kept);
            (_tail, _tally) = (new EventTail(store, _record.Position), new CanaryTally(_record));
        }
        if (_record.IsOn)
        {
            await foreach (var stored in _tail!.ReadNewAsync(cancellationToken).ConfigureAwait(false))
                _tally!.Add(stored);
        }
        return CanaryStatus.Of(_record, _tally!.Counts, _tally.Tripped, time.GetUtcNow());
    }
}
