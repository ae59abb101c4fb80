using EventCalls.Routing.Deciding;
using EventCalls.Routing.Fetching;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Deciders;

/// <summary>A version of the logic that is compiled and started once and decides for many routers, each with look-ups of its own: what plays many past calls need not start a process for each.</summary>
public sealed class ReadyLogic : IAsyncDisposable
{
    // No call waits for it.
    private static readonly TimeSpan s_longestFetches = TimeSpan.FromSeconds(10);

    private readonly ILogicRunner _runner;
    private readonly FetchedDecisions? _fetched;

    private ReadyLogic(CompiledLogic logic, ILogicRunner runner, FetchedDecisions? fetched) => (Logic, _runner, _fetched) = (logic, runner, fetched);

    /// <summary>The version; whoever gave it disposes it.</summary>
    public CompiledLogic Logic { get; }

    /// <summary>Starts what it decides in, and has it ready there.</summary>
    /// <param name="logic">The version, compiled where <paramref name="options"/> have it decide.</param>
    /// <param name="options">How to decide.</param>
    /// <param name="lookups">The tables that all routers share; they take room where decisions are taken.</param>
    /// <param name="time">The clock that watches over the logic.</param>
    /// <param name="logger">Where logic that hangs is reported.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task<ReadyLogic> StartAsync(CompiledLogic logic, RouterOptions options, ILookupSource lookups, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(logic);
        ArgumentNullException.ThrowIfNull(options);
        var runner = LogicRunners.Make(options, lookups, time, logger);
        var ready = new ReadyLogic(logic, runner, options.Sources.Count > 0 ? new FetchedDecisions(runner, new FetchSources(options.Sources, time), time) : null);
        try
        {
            await runner.UseAsync(logic, cancellationToken).ConfigureAwait(false);
            return ready;
        }
        catch
        {
            await ready.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync().ConfigureAwait(false);
        _fetched?.Dispose();
    }

    /// <summary>The version as one router asks it.</summary>
    internal ILogic With(DecideOptions options) => new Asked(this, options);

    private sealed class Asked(ReadyLogic ready, DecideOptions options) : ILogic
    {
        public Task<DecisionResult> DecideAsync(DecisionRequest request, CancellationToken cancellationToken) => ready._fetched is { } fetched
            ? fetched.RunAsync(ready.Logic, request, options, s_longestFetches, cancellationToken)
            : ready._runner.RunAsync(ready.Logic, request, options);

        // It is others' too.
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
