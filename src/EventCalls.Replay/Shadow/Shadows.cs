using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Replay.Shadow;

/// <summary>Has a version decide live calls again, or none.</summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
public sealed class Shadows(ICallStore store, TimeProvider time)
{
    private ILogicSteering Steering => (ILogicSteering)store;

    /// <summary>Has it decide the calls again that end from now on; null for none any more.</summary>
    /// <returns>The record that holds, and whether it is a new one.</returns>
    public async Task<(ShadowRecord Record, bool Changed)> SetAsync(string? challenger, string by, string? note, CancellationToken cancellationToken)
    {
        while (true)
        {
            var kept = await Steering.LastProofAsync(ProofKind.Shadow, cancellationToken).ConfigureAwait(false);
            if (kept is not null && ShadowRecord.Read(kept) is var last && last.Challenger == challenger)
                return (last, false);
            var next = new ShadowRecord
            {
                Number = (kept?.Number ?? 0) + 1,
                Challenger = challenger,
                By = by,
                At = time.GetUtcNow(),
                Note = note,
                Position = await store.LastPositionAsync(cancellationToken).ConfigureAwait(false),
            };
            if (await Steering.TryKeepProofAsync(next.ToKept(), cancellationToken).ConfigureAwait(false))
                return (next, true);
        }
    }

    /// <summary>All changes, the newest first.</summary>
    public async Task<IReadOnlyList<ShadowRecord>> ListAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await Steering.ListProofsAsync(ProofKind.Shadow, limit, cancellationToken).ConfigureAwait(false)).Select(ShadowRecord.Read)];
}
