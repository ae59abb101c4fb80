using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Fetching;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing;

/// <summary>Decides one call that is only thought of, and says how the decision came about.</summary>
public static class LogicTrial
{
    private static readonly TimeSpan s_longestFetches = TimeSpan.FromSeconds(10);

    /// <summary>Compiles the folder and decides the call with it; nothing is recorded or sent.</summary>
    /// <param name="path">The logic folder.</param>
    /// <param name="call">The call.</param>
    /// <param name="options">Look-ups, limits and known endpoints; null for none and the defaults.</param>
    /// <param name="time">The clock, for a call that does not say when it came.</param>
    /// <param name="cancellationToken">Ends the compilation.</param>
    /// <param name="sources">What is really asked by <c>conv.Fetch</c>; null for nothing.</param>
    public static async Task<TrialResult> DecideAsync(
        string path, TrialCall call, DecideOptions? options, TimeProvider time, CancellationToken cancellationToken, IReadOnlyList<FetchSource>? sources = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(time);
        await using var runner = Runner(time);
        var check = await LogicFolder.CheckAsync(path, runner.CompileAsync, cancellationToken).ConfigureAwait(false);
        if (check.Logic is not { } logic)
            return new TrialResult { Check = check };
        using (logic)
        {
            var request = call.ToRequest(time.GetUtcNow());
            var traced = (options ?? new DecideOptions()) with { Trace = true };
            if (traced.Lookups is LookupTables tables)
                traced = traced with { Lookups = tables.WithSources([.. (sources ?? []).Select(s => s.Name)]).ForLiveCalls() };
            using var fetched = new FetchedDecisions(runner, new FetchSources(sources ?? [], time), time);
            var result = await fetched.RunAsync(logic, request, traced, s_longestFetches, cancellationToken).ConfigureAwait(false);
            // The first decision of a process pays for start-up; the second shows what one costs.
            if (result.Failure is null)
                result = await fetched.RunAsync(logic, request, traced, s_longestFetches, cancellationToken).ConfigureAwait(false);
            return new TrialResult
            {
                Check = check with { Logic = null },
                Decision = result,
                DecisionJson = result.Failure is not null
                    ? null
                    : Decisions.DecisionJson.Write(
                        new DecisionDocument { Flow = result.Flow, State = result.State, Reason = result.Reason, Steps = result.Steps }, indented: true),
            };
        }
    }

    private static ILogicRunner Runner(TimeProvider time) => DeciderCommand.OfThisProgram() is { } command
        ? new DeciderPool(new DeciderPoolOptions { Process = new DeciderProcessOptions { Command = command }, Spares = 0 }, time, NullLogger.Instance)
        : new DecisionThreads(new DecisionThreadsOptions { Count = 1 }, TimeProvider.System, NullLogger.Instance);
}
