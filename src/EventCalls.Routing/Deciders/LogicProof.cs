using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Deciders;

/// <summary>Tries logic before it is let to calls: compiles it and decides with it, where nothing that it ends is anybody else's.</summary>
public static class LogicProof
{
    /// <summary>Compiles sources and decides calls with them. What compiles and ends the process that decides, or runs over its limit, has a diagnostic that says with which call; what throws decides nothing wrong, and is the logic's own affair.</summary>
    /// <param name="deciders">How processes are started that compile and decide; null does both here, as a router does then.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="calls">The first events of calls to try it with, beside one that is only thought of.</param>
    /// <param name="options">Look-ups and limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found; it holds no logic to decide with, only whether there is something wrong.</returns>
    public static async Task<LogicCheck> RunAsync(
        DeciderProcessOptions? deciders, IReadOnlyList<LogicSource> sources, IReadOnlyList<CallStarted> calls, DecideOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(time);
        var check = await DeciderChoice.CompileAsync(deciders, sources, time, cancellationToken).ConfigureAwait(false);
        if (check.Logic is not { } logic)
            return check;
        using (logic)
        {
            await using ILogicRunner runner = deciders is null
                ? new DecisionThreads(new DecisionThreadsOptions { Count = 1, Impatient = false }, time, NullLogger.Instance)
                : new DeciderPool(new DeciderPoolOptions { Process = deciders, Spares = 0, IsImpatient = false }, time, NullLogger.Instance);
            await runner.UseAsync(logic, cancellationToken).ConfigureAwait(false);
            var thoughtOf = new TrialCall { Caller = "+1", Callee = "+2" }.ToRequest(time.GetUtcNow());
            foreach (var request in calls.Select(DecisionRequest.For).Prepend(thoughtOf))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var result = await runner.RunAsync(logic, request, options).ConfigureAwait(false);
                if (result.Failure is not { Cause: RoutingFailureCause.LogicCrashed or RoutingFailureCause.LogicTimedOut } failure)
                    continue;
                string call = request == thoughtOf ? "a call from +1 to +2" : $"the call {request.Started.CallId:D}";
                return check with { Logic = null, Diagnostics = [new LogicDiagnostic("", 0, 0, "EC0015", $"Tried with {call}, the logic does not come to a decision: {failure.Message}")] };
            }
        }
        return check;
    }
}
