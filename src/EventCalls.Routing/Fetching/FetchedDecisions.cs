using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Fetching;

/// <summary>Has logic decide that fetches: a decision that needs an answer is given up, and taken from its beginning again once the answer is there. Nothing waits meanwhile, neither a thread nor a process.</summary>
/// <remarks>What the decision was answered before is answered alike the next time, turns and all: it comes to the same question again, and past it.</remarks>
internal sealed class FetchedDecisions(ILogicRunner runner, FetchSources sources, TimeProvider time) : IDisposable
{
    private const int MostFetches = 16;

    /// <summary>Decides.</summary>
    /// <param name="logic">The logic.</param>
    /// <param name="request">What is decided.</param>
    /// <param name="options">With what; its look-ups know the sources.</param>
    /// <param name="left">How long the call waits for the decision.</param>
    /// <param name="cancellationToken">The decision is wanted no more.</param>
    public async Task<DecisionResult> RunAsync(CompiledLogic logic, DecisionRequest request, DecideOptions options, TimeSpan left, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(logic, request, options).ConfigureAwait(false);
        if (result.Awaited is null)
            return result;
        long began = time.GetTimestamp();
        var decided = result.Elapsed;
        var waited = TimeSpan.Zero;
        var lookups = (IPortableLookups)options.Lookups;
        for (int fetches = 1; result.Awaited is { } awaited; fetches++)
        {
            if (fetches > MostFetches)
            {
                return DecisionResults.Failed(
                    request, logic.Version, RoutingFailureCause.LogicThrew, $"The logic fetches more than {MostFetches} times in one decision; the last was conv.Fetch(\"{awaited.Name[FetchAnswer.Prefix.Length..]}\", …).");
            }

            long asked = time.GetTimestamp();
            var answer = await sources.FetchAsync(awaited.Name, awaited.Key, left - time.GetElapsedTime(began), cancellationToken).ConfigureAwait(false);
            waited += time.GetElapsedTime(asked);
            IReadOnlyList<LookupAnswer> answers = [.. lookups.Recorded, .. result.Inputs.Lookups, awaited with { Value = answer.ToText() }];
            result = await runner.RunAsync(logic, request, options with { Lookups = new RecordedThenTables(answers, lookups.Tables!) }).ConfigureAwait(false);
            decided += result.Elapsed;
        }

        return result with { Elapsed = decided + waited };
    }

    public void Dispose() => sources.Dispose();
}
