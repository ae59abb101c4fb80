using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Replay.Canary;

/// <summary>Gives challengers their shares and takes them: each change is a record that says who, when and why, and what holds for all routers.</summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
public sealed class CanaryShares(ICallStore store, TimeProvider time)
{
    private ILogicSteering Steering => (ILogicSteering)store;

    /// <summary>All changes, the newest first.</summary>
    public async Task<IReadOnlyList<CanaryRecord>> ListAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await Steering.ListProofsAsync(ProofKind.Canary, limit, cancellationToken).ConfigureAwait(false)).Select(CanaryRecord.Read)];

    /// <summary>Gives a version its first share.</summary>
    /// <param name="challenger">Its content hash; its sources are in the store.</param>
    /// <param name="plan">A plan without a problem.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="note">What they say to it; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CanaryRefusedException">Another one has a share, or it decides all calls.</exception>
    public async Task<CanaryRecord> StartAsync(string challenger, CanaryPlan plan, string by, string? note, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        while (true)
        {
            var last = await LastAsync(cancellationToken).ConfigureAwait(false);
            var active = await Steering.LastActivationAsync(cancellationToken).ConfigureAwait(false);
            if (last is { IsOn: true } && last.Activation == (active?.Number ?? 0))
                throw new CanaryRefusedException($"{LogicVersionName.Short(last.Challenger)} has {last.Share} % of the calls, since {last.By} {WireName.Of(last.Change)} it; stop that first.");
            if (active?.Version == challenger)
                throw new CanaryRefusedException($"{LogicVersionName.Short(challenger)} decides all calls already.");
            var started = new CanaryRecord
            {
                Number = (last?.Number ?? 0) + 1,
                Change = CanaryChange.Started,
                Challenger = challenger,
                Champion = active?.Version,
                Share = plan.Steps[0].Share,
                Step = 0,
                Plan = plan,
                By = by,
                At = time.GetUtcNow(),
                Note = note,
                Activation = active?.Number ?? 0,
                Position = await store.LastPositionAsync(cancellationToken).ConfigureAwait(false),
            };
            if (await Steering.TryKeepProofAsync(started.ToKept(), cancellationToken).ConfigureAwait(false))
                return started;
        }
    }

    /// <summary>Takes a challenger's share.</summary>
    /// <returns>The record, and whether there was a share to take.</returns>
    /// <exception cref="CanaryRefusedException">There never was one.</exception>
    public async Task<(CanaryRecord Record, bool Changed)> StopAsync(string by, string? note, CancellationToken cancellationToken)
    {
        while (true)
        {
            var last = await LastAsync(cancellationToken).ConfigureAwait(false) ?? throw new CanaryRefusedException("No version ever had a share of the calls.");
            if (!last.IsOn)
                return (last, false);
            if (await TryChangeAsync(last, CanaryChange.Stopped, by, note, null, cancellationToken).ConfigureAwait(false) is { } stopped)
                return (stopped, true);
        }
    }

    /// <summary>Does what a verdict says; null when somebody else was faster, or there is nothing to do.</summary>
    internal async Task<CanaryRecord?> FollowAsync(CanaryStatus status, CancellationToken cancellationToken)
    {
        var record = status.Record;
        var active = await Steering.LastActivationAsync(cancellationToken).ConfigureAwait(false);
        if ((active?.Number ?? 0) != record.Activation)
        {
            // A promotion of ours that was stopped half-way is brought to its end.
            bool isOurs = active is { } a && a.By == CanaryRecord.Itself && a.Version == record.Challenger && a.Number == record.Activation + 1;
            return await TryChangeAsync(
                record, isOurs ? CanaryChange.Promoted : CanaryChange.Stopped, CanaryRecord.Itself, isOurs ? active!.Note : $"{active?.By} activated or rolled back another version", status.Counts, cancellationToken).ConfigureAwait(false);
        }
        switch (status.Move)
        {
            case CanaryMove.RollBack:
                return await TryChangeAsync(record, CanaryChange.RolledBack, CanaryRecord.Itself, status.Why, status.Counts, cancellationToken).ConfigureAwait(false);
            case CanaryMove.Raise:
                return await TryChangeAsync(record, CanaryChange.Raised, CanaryRecord.Itself, status.Why, status.Counts, cancellationToken).ConfigureAwait(false);
            case CanaryMove.Promote:
                var activation = new LogicActivation { Number = record.Activation + 1, Version = record.Challenger, By = CanaryRecord.Itself, At = time.GetUtcNow(), Before = active?.Number, Note = status.Why };
                return await Steering.TryActivateAsync(activation, cancellationToken).ConfigureAwait(false)
                    ? await TryChangeAsync(record, CanaryChange.Promoted, CanaryRecord.Itself, status.Why, status.Counts, cancellationToken).ConfigureAwait(false)
                    : null;
            default:
                return null;
        }
    }

    private async Task<CanaryRecord?> LastAsync(CancellationToken cancellationToken) =>
        await Steering.LastProofAsync(ProofKind.Canary, cancellationToken).ConfigureAwait(false) is { } kept ? CanaryRecord.Read(kept) : null;

    private async Task<CanaryRecord?> TryChangeAsync(CanaryRecord last, CanaryChange change, string by, string? note, CanaryCounts? counts, CancellationToken cancellationToken)
    {
        int step = change == CanaryChange.Raised ? last.Step + 1 : last.Step;
        var next = last with
        {
            Number = last.Number + 1,
            Change = change,
            Share = change == CanaryChange.Raised ? last.Plan.Steps[step].Share : 0,
            Step = step,
            By = by,
            At = time.GetUtcNow(),
            Note = note,
            Counts = counts,
            Position = await store.LastPositionAsync(cancellationToken).ConfigureAwait(false),
        };
        return await Steering.TryKeepProofAsync(next.ToKept(), cancellationToken).ConfigureAwait(false) ? next : null;
    }
}
