using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Resuming;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Replay;

/// <summary>Whether a replay may pass: the rules, and the calls that must not change.</summary>
internal static class Gate
{
    /// <summary>What does not let it pass, a line each.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(
        ICallStore store, Replayer replayer, ReplayProgressState state, IReadOnlyList<GoldenCall> golden, CancellationToken ct)
    {
        var tripped = state.Rules.Select(rule => rule.Find(state.Totals)).OfType<string>().ToList();
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
