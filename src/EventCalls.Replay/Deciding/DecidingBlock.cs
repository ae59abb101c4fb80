using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciders.Blocks;
using EventCalls.Routing.Deciding;

namespace EventCalls.Replay.Deciding;

/// <summary>Has a block of calls decided by two deciders: the first decisions of all at once, then what comes after them, until there is none.</summary>
/// <param name="asksLive">Whether today's tables are asked: then each answer is wanted whole, to see of what they were asked.</param>
/// <param name="isBaseline">Whether of what comes out as it was recorded only some is decided a second time: the record is the other taking.</param>
internal sealed class DecidingBlock(bool asksLive, bool isBaseline = false)
{
    private readonly DecisionBlock _block = new();
    private readonly DecisionDigest _digest = new();
    private readonly List<(CallReplay Call, TakenDecision Taken, bool IsRepeated)> _asked = [];

    public async Task<DecidedBlock> DecideAsync(CallReplay?[] calls, BlockDecider first, BlockDecider second)
    {
        List<int> open = [.. Enumerable.Range(0, calls.Length).Where(i => calls[i] is not null)];
        while (true)
        {
            _block.Clear();
            _asked.Clear();
            foreach (int i in open)
            {
                if (calls[i]!.Next() is not { } taken)
                    continue;
                _block.Add(taken.Request, taken.Recorded);
                _asked.Add((calls[i]!, taken, i % InProcess.LookCloserEvery == 0));
            }
            if (_asked.Count == 0)
                break;
            await AskAsync(first, second).ConfigureAwait(false);
        }
        var finished = new ReplayedCall?[calls.Length];
        foreach (int i in open)
            finished[i] = calls[i]!.Finish();
        return new DecidedBlock(finished, Array.FindIndex(calls, call => call is not null && IsUnsteady(call)));
    }

    private static bool IsUnsteady(CallReplay call)
    {
        for (int i = 0; i < call.Taken.Count; i++)
        {
            if (call.Taken[i].IsUnsteady)
                return true;
        }
        return false;
    }

    private async Task AskAsync(BlockDecider first, BlockDecider second)
    {
        if (isBaseline && !asksLive)
        {
            await AskOnceAsync(first, second).ConfigureAwait(false);
            return;
        }
        int[] mixed = MixedOrder.Of(_asked.Count);
        var asksFirst = new BlockAsk[_asked.Count];
        var asksSecond = new BlockAsk[_asked.Count];
        for (int i = 0; i < asksFirst.Length; i++)
        {
            var taken = _asked[i].Taken;
            asksFirst[i] = new BlockAsk(i) { Expected = Expected(taken), IsWhole = asksLive, IsPatient = taken.IsPatient };
            var (_, other, isRepeated) = _asked[mixed[i]];
            asksSecond[i] = new BlockAsk(mixed[i]) { IsRepeated = isRepeated, IsPatient = other.IsPatient };
        }
        var taking = first.AskAsync(_block, asksFirst);
        var again = await second.AskAsync(_block, asksSecond).ConfigureAwait(false);
        var answers = await taking.ConfigureAwait(false);
        var suspects = new List<(int Index, BlockAnswer First, BlockAnswer Second)>();
        for (int i = 0; i < again.Length; i++)
        {
            int index = mixed[i];
            var (a, b) = (answers[index], again[i]);
            var taken = _asked[index].Taken;
            taken.Result = ResultOf(taken, a);
            taken.Live = asksLive ? LiveOf(taken) : 0;
            taken.IsUnsteady = b.IsUnsteady;
            // What met a limit the first time is told as it is; a limit is not the call's.
            if (!a.IsEnded && (b.IsEnded || a.Digest != b.Digest))
                suspects.Add((index, a, b));
        }
        if (suspects.Count > 0)
            await LookCloserAsync(first, second, suspects).ConfigureAwait(false);
    }

    // The second decider is asked of what is not as recorded, and of some of the rest: what another day and machine came to as well needs no further taking.
    private async Task AskOnceAsync(BlockDecider first, BlockDecider second)
    {
        var answers = await first.AskAsync(_block, [.. _asked.Select((asked, i) => new BlockAsk(i) { Expected = Expected(asked.Taken), IsPatient = asked.Taken.IsPatient })]).ConfigureAwait(false);
        var others = new List<int>();
        for (int i = 0; i < answers.Length; i++)
        {
            var taken = _asked[i].Taken;
            taken.Result = ResultOf(taken, answers[i]);
            if ((answers[i].Result is not null || _asked[i].IsRepeated) && !answers[i].IsEnded)
                others.Add(i);
        }
        if (others.Count == 0)
            return;
        int[] mixed = MixedOrder.Of(others.Count);
        var again = await second.AskAsync(_block, [.. mixed.Select(i => new BlockAsk(others[i]) { IsRepeated = _asked[others[i]].IsRepeated, IsPatient = _asked[others[i]].Taken.IsPatient })]).ConfigureAwait(false);
        var suspects = new List<(int Index, BlockAnswer First, BlockAnswer Second)>();
        for (int i = 0; i < again.Length; i++)
        {
            int index = others[mixed[i]];
            _asked[index].Taken.IsUnsteady = again[i].IsUnsteady;
            if (again[i].IsEnded || answers[index].Digest != again[i].Digest)
                suspects.Add((index, answers[index], again[i]));
        }
        if (suspects.Count > 0)
            await LookCloserAsync(first, second, suspects).ConfigureAwait(false);
    }

    // Both once more, with time enough: the first may decide otherwise in the very same process, the second may only have been slow.
    private async Task LookCloserAsync(BlockDecider first, BlockDecider second, List<(int Index, BlockAnswer First, BlockAnswer Second)> suspects)
    {
        BlockAsk[] asks = [.. suspects.Select(s => new BlockAsk(s.Index) { IsWhole = true, IsPatient = true })];
        var taking = first.AskAsync(_block, asks);
        var again = await second.AskAsync(_block, asks).ConfigureAwait(false);
        var answers = await taking.ConfigureAwait(false);
        for (int i = 0; i < asks.Length; i++)
        {
            var (index, a, b) = suspects[i];
            var taken = _asked[index].Taken;
            taken.IsUnsteady |= (!answers[i].IsEnded && answers[i].Digest != a.Digest) || (!b.IsEnded && !again[i].IsEnded && again[i].Digest != b.Digest);
            if (!taken.IsUnsteady && again[i].Digest == a.Digest)
                continue;
            var difference = DependenceCheck.Difference(answers[i].Result!, again[i].Result!) ?? DependenceCheck.Difference(taken.Result!, again[i].Result!);
            if (difference is not null || taken.IsUnsteady)
                taken.Difference = DependenceCheck.Words(difference ?? "not each time alike");
        }
    }

    private UInt128? Expected(TakenDecision taken)
    {
        if (asksLive || taken.Was.Selected is null || taken.Was.Handoff is null)
            return null;
        var was = taken.Was.ToDecided();
        return _digest.OfOutcome(was.Flow, was.State, was.Steps, was.Reason);
    }

    private static DecisionResult ResultOf(TakenDecision taken, BlockAnswer answer)
    {
        if (answer.Result is { } whole)
            return whole;
        var was = taken.Was.ToDecided();
        return new DecisionResult
        {
            LogicVersion = taken.Version,
            Flow = was.Flow,
            State = was.State,
            Steps = was.Steps,
            Reason = was.Reason,
            DecidedBy = answer.DecidedBy,
            Inputs = taken.Was.Selected!.Inputs ?? new DecisionInputs { Now = taken.Request.Now, Seed = taken.Request.Seed },
            ReadClock = answer.ReadClock,
            ReadRandom = answer.ReadRandom,
        };
    }

    private static int LiveOf(TakenDecision taken)
    {
        var asked = new HashSet<(string, string)>();
        foreach (var answer in taken.Result!.Inputs.Lookups)
        {
            if (!taken.Recorded.Any(r => r.Name == answer.Name && r.Key == answer.Key))
                asked.Add((answer.Name, answer.Key));
        }
        return asked.Count;
    }
}
