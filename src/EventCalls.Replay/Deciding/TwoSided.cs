using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Deciding;

/// <summary>Has every block decided by two versions, the candidate and the baseline, and compares the two.</summary>
/// <param name="candidate">The version in question.</param>
/// <param name="baseline">The version it is compared with.</param>
/// <param name="areAtOnce">Whether both decide at the same time: in processes of their own, not in this one.</param>
internal sealed class TwoSided(IPastDeciding candidate, IPastDeciding baseline, bool areAtOnce) : IPastDeciding
{
    private volatile string? _unsteady;

    public int AtOnce => Math.Min(candidate.AtOnce, baseline.AtOnce);

    public IEnumerable<int> Processes => candidate.Processes.Concat(baseline.Processes);

    public async Task<DecidedBlock> DecideAsync(PastBlock block, bool all)
    {
        DecidedBlock now, before;
        if (areAtOnce)
        {
            await Task.Run(block.ReadAll).ConfigureAwait(false);
            var deciding = candidate.DecideAsync(block, all);
            before = await baseline.DecideAsync(block, all).ConfigureAwait(false);
            now = await deciding.ConfigureAwait(false);
        }
        else
        {
            now = await candidate.DecideAsync(block, all).ConfigureAwait(false);
            before = await baseline.DecideAsync(block, all).ConfigureAwait(false);
        }
        if (before.Unsteady >= 0)
            _unsteady ??= "the baseline keeps something from one call to the next, or looks at what changes from moment to moment";
        for (int i = 0; i < now.Calls.Length; i++)
        {
            if (now.Calls[i] is not { } call || before.Calls[i] is not { } other)
                continue;
            if (_unsteady is { } unsteady)
                other = other with { Verdict = other.IsOfCandidate ? Verdict.Nondeterministic : Verdict.NotReplayable, Unrecorded = unsteady, Changes = [] };
            var recorded = block[i].Decisions;
            now.Calls[i] = SideBySide.Of(call, other, recorded.Count > 0 ? recorded[0].ToDecided().LogicVersion : "");
        }
        return now;
    }

    public void Dispose()
    {
        candidate.Dispose();
        baseline.Dispose();
    }
}
