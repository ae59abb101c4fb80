using EventCalls.Replay.Calls;
using EventCalls.Replay.Past;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Replay.Deciding;

/// <summary>Decides in this process, the second time by another copy of the logic, in another order and time zone: quick, and logic that ends the process ends the replay.</summary>
internal sealed class InProcess(CompiledLogic candidate, CompiledLogic again, ReplayOptions options, TimeProvider time, bool isBaseline = false) : IPastDeciding
{
    // Deciding a call twice more costs as much as all else; one in sixteen, and the first ones, is enough to find what other calls leave behind.
    public const int LookCloserEvery = 16;

    private readonly DecideOptions _decide = new() { Lookups = CallLookups.Nothing, TimeLimit = options.TimeLimit, KnownEndpoints = options.KnownEndpoints };
    private readonly Workers _workers = new(options.Threads, options.HangLimit, time);

    public int AtOnce => 1;

    public IEnumerable<int> Processes => [];

    public async Task<DecidedBlock> DecideAsync(PastBlock calls, bool all)
    {
        int[] mixed = MixedOrder.Of(calls.Count);
        var hung = new CallReplay?[calls.Count];
        var first = await _workers.RunAsync(calls.Count, i => Begin(calls[i], all), i => hung[i] = Of(calls[i])).ConfigureAwait(false);
        ReplayedCall?[] finished;
        using (OtherTimeZone.If(options.ShiftTimeZone))
            finished = await _workers.RunAsync(calls.Count, i => Finish(first, hung, mixed[i]), i => first[mixed[i]]!.GiveUp(options.HangLimit)).ConfigureAwait(false);
        var inOrder = new ReplayedCall?[calls.Count];
        for (int i = 0; i < mixed.Length; i++)
            inOrder[mixed[i]] = finished[i];
        LookCloser(first);
        return new DecidedBlock(inOrder, Array.FindIndex(first, call => call is not null && call.Taken.Any(t => t.IsUnsteady)));
    }

    public void Dispose() => again.Dispose();

    /// <summary>Takes all decisions of a call for the first time.</summary>
    public void Decide(CallReplay call)
    {
        while (call.Next() is { } taken)
        {
            var with = With(taken, out var lookups);
            taken.Result = Decider.Decide(candidate, taken.Request, with);
            taken.Live = lookups?.Live ?? 0;
        }
    }

    /// <summary>Takes all decisions of a call once more, and gives the verdict.</summary>
    public ReplayedCall Check(CallReplay call, bool looksCloser)
    {
        foreach (var taken in call.Taken)
        {
            taken.Difference = DependenceCheck.Find(again, taken, With(taken, out _));
            if (looksCloser)
                taken.IsUnsteady = !DependenceCheck.IsSteady(again, taken, With(taken, out _));
            if (taken.Difference is not null || taken.IsUnsteady)
                break;
        }
        return call.Finish();
    }

    private CallReplay? Begin(PastCall past, bool all)
    {
        if (!all && options.Chosen is { } chosen && !chosen(past.Row, past.Started))
            return null;
        var call = new CallReplay(past, candidate.Version, options.Handoffs, options.Inputs);
        Decide(call);
        return call;
    }

    private CallReplay Of(PastCall past) => new(past, candidate.Version);

    private ReplayedCall? Finish(CallReplay?[] first, CallReplay?[] hung, int index) =>
        hung[index] is { } endless ? endless.GiveUp(options.HangLimit)
        : first[index] is { } call ? isBaseline && index % LookCloserEvery != 0 && call.IsAsRecorded ? call.Finish() : Check(call, looksCloser: index % LookCloserEvery == 0)
        : null;

    // With the clock, seed and time zone it had first: what comes out otherwise now rested on what other calls left behind, or changes from moment to moment.
    private void LookCloser(CallReplay?[] calls)
    {
        foreach (var call in calls)
        {
            if (call?.Taken.FirstOrDefault(t => t.Difference is not null) is { } suspect)
                suspect.IsUnsteady |= !DependenceCheck.Repeats(again, suspect.Request, suspect.Result!, With(suspect, out _));
        }
    }

    private DecideOptions With(TakenDecision taken, out CallLookups? lookups)
    {
        lookups = options.LiveLookups is { } live ? new CallLookups(taken.Recorded, live) : null;
        var with = taken.IsPatient ? _decide with { TimeLimit = _decide.TimeLimit * Routing.Deciders.Blocks.BlockAsk.PatientFactor } : _decide;
        return lookups is not null ? with with { Lookups = lookups }
            : taken.Recorded.Count > 0 ? with with { Lookups = new RecordedLookups(taken.Recorded) }
            : with;
    }
}
