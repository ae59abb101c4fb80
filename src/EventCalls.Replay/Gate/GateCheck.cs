using EventCalls.Replay.Choosing;
using EventCalls.Store;

namespace EventCalls.Replay.Gate;

/// <summary>Whether a replay may pass: the rules, and the calls that must not change.</summary>
public static class GateCheck
{
    /// <summary>What does not let it pass, a line each.</summary>
    /// <param name="store">Where the calls are.</param>
    /// <param name="replayer">What decides the golden calls again.</param>
    /// <param name="rules">The rules, each having seen every call.</param>
    /// <param name="totals">What the replay came to.</param>
    /// <param name="expected">The changes that were announced; null for none.</param>
    /// <param name="golden">The calls that must not change.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(
        IPastCalls store, Replayer replayer, IReadOnlyList<GateRule> rules, ReplayTotals totals, ExpectedChanges? expected, IReadOnlyList<GoldenCall> golden, CancellationToken ct)
    {
        var tripped = rules.Select(rule => rule.Find(totals)).OfType<string>().ToList();
        tripped.AddRange(expected?.Find() ?? []);
        // Whatever was asked for: a verdict on such logic is worth nothing.
        if (totals.Nondeterministic is > 0 and var calls)
            tripped.Add($"nondeterministic: {calls} of {totals.Calls} calls came out otherwise with the very version that had decided them");
        if (rules.Count > 0 && totals.Calls == 0)
            tripped.Add("no call was decided again, so that the rules show nothing");
        foreach (var call in golden)
        {
            if (await FindAsync(store, replayer, call, ct).ConfigureAwait(false) is { } problem)
                tripped.Add(problem);
        }
        return tripped;
    }

    private static async Task<string?> FindAsync(IPastCalls store, Replayer replayer, GoldenCall golden, CancellationToken ct)
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
