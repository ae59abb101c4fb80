using EventCalls.Replay.Choosing;
using EventCalls.Replay.Resuming;
using EventCalls.Store;

namespace EventCalls.Replay.Gate;

/// <summary>Whether a replay may pass: the rules, and the calls that must not change.</summary>
public static class GateCheck
{
    /// <summary>What does not let it pass, a line each.</summary>
    /// <param name="store">Where the calls are.</param>
    /// <param name="replayer">What decides the golden calls again.</param>
    /// <param name="state">What the replay came to, with its rules.</param>
    /// <param name="golden">The calls that must not change.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(
        ICallStore store, Replayer replayer, ReplayProgressState state, IReadOnlyList<GoldenCall> golden, CancellationToken ct)
    {
        var tripped = state.Rules.Select(rule => rule.Find(state.Totals)).OfType<string>().ToList();
        // Whatever was asked for: a verdict on such logic is worth nothing.
        if (state.Totals.Nondeterministic is > 0 and var calls)
            tripped.Add($"nondeterministic: {calls} of {state.Totals.Calls} calls came out otherwise with the very version that had decided them");
        if (state.Rules.Count > 0 && state.Totals.Calls == 0)
            tripped.Add("no call was decided again, so that the rules show nothing");
        foreach (var call in golden)
        {
            if (await FindAsync(store, replayer, call, ct).ConfigureAwait(false) is { } problem)
                tripped.Add(problem);
        }
        return tripped;
    }

    private static async Task<string?> FindAsync(ICallStore store, Replayer replayer, GoldenCall golden, CancellationToken ct)
    {
        try
        {
            var calls = await ChosenCalls.FindAsync(store, new CallChoice { Ids = [golden.Id] }, ct).ConfigureAwait(false);
            await foreach (var history in calls.ReadAsync(null, ct).ConfigureAwait(false))
                return golden.Find(await replayer.RunAsync(history, ct).ConfigureAwait(false));
            return $"golden call {golden.Id}: it cannot be read";
        }
        catch (UnknownCallException e)
        {
            return $"golden call {golden.Id}: {e.Message}";
        }
    }
}
