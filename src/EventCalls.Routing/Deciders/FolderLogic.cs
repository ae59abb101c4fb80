using System.Collections.Concurrent;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Fetching;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Values;

namespace EventCalls.Routing.Deciders;

/// <summary>Decides with the current version of a logic folder, and a share of the calls twice.</summary>
internal sealed class FolderLogic(
    LogicFolder folder, ILogicRunner runner, LiveSample? sample, DecideOptions options, ILogicVersionSink versions, RouterOptions router, FetchedDecisions? fetched, ValueWatch? values, TimeProvider time) : ILogic
{
    private static readonly TimeSpan s_longestFetches = TimeSpan.FromSeconds(10);

    private volatile DecideOptions _options = options;

    private readonly ConcurrentDictionary<string, Task> _sent = new(StringComparer.Ordinal);

    /// <summary>The version that decides instead, when this is its call to decide.</summary>
    public Func<DecisionRequest, CompiledLogic?>? Beside { get; set; }

    public Task<DecisionResult> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        if ((Beside?.Invoke(request) ?? folder.Current) is not { } logic)
        {
            return Task.FromResult(DecisionResults.Failed(
                request, LogicVersionName.None, RoutingFailureCause.NoLogic, $"No routing logic is loaded. {folder.LastError}".TrimEnd()));
        }

        return _sent.TryGetValue(logic.Version, out var sent) && sent.IsCompletedSuccessfully
            ? RunAsync(logic, request, cancellationToken)
            : SendFirstAsync(logic, request, cancellationToken);
    }

    /// <summary>Sends the version's sources, once; calls meanwhile wait for the same sending.</summary>
    public async Task SendAsync(CompiledLogic logic, CancellationToken cancellationToken)
    {
        var loaded = new LogicVersionLoaded { Version = logic.Version, Sources = logic.Sources, LoadedAt = time.GetUtcNow(), Node = router.Node };
        while (true)
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var sending = _sent.GetOrAdd(logic.Version, mine.Task);
            if (sending != mine.Task)
            {
                if (!sending.IsCompleted || sending.IsCompletedSuccessfully)
                {
                    await sending.WaitAsync(cancellationToken).ConfigureAwait(false);
                    return;
                }

                _sent.TryRemove(KeyValuePair.Create(logic.Version, sending));
                continue;
            }

            try
            {
                await versions.SendAsync(loaded, cancellationToken).ConfigureAwait(false);
                mine.SetResult();
                return;
            }
            catch (Exception e)
            {
                _sent.TryRemove(KeyValuePair.Create(logic.Version, sending));
                mine.SetException(e);
                // Those who wait for it see it; when nobody does it must not count as unobserved.
                _ = mine.Task.Exception;
                throw;
            }
        }
    }

    /// <summary>Makes a version ready for its first call: its sources sent, and everything that deciding needs compiled to machine code.</summary>
    public async Task PrepareAsync(CompiledLogic logic, CancellationToken cancellationToken)
    {
        await runner.UseAsync(logic, cancellationToken).ConfigureAwait(false);
        await WarmAsync(logic, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for a version that decides a share of the calls beside the folder's.</summary>
    public async Task PrepareBesideAsync(CompiledLogic logic, CancellationToken cancellationToken)
    {
        await runner.UseBesideAsync(logic, cancellationToken).ConfigureAwait(false);
        await WarmAsync(logic, cancellationToken).ConfigureAwait(false);
    }

    private async Task WarmAsync(CompiledLogic logic, CancellationToken cancellationToken)
    {
        // What comes of it does not matter; a decision writes nothing.
        await runner.RunAsync(logic, new TrialCall { Caller = "+1", Callee = "+2" }.ToRequest(time.GetUtcNow()), _options).ConfigureAwait(false);
        // One that decides again after another did is told of again: so it is seen that every router has it.
        if (_sent.TryGetValue(logic.Version, out var sent) && sent.IsCompleted)
            _sent.TryRemove(KeyValuePair.Create(logic.Version, sent));
        await SendAsync(logic, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await folder.DisposeAsync().ConfigureAwait(false);
        if (sample is not null)
            await sample.DisposeAsync().ConfigureAwait(false);
        await runner.DisposeAsync().ConfigureAwait(false);
        fetched?.Dispose();
    }

    /// <summary>What came of deciding twice; empty when it is not done.</summary>
    public string Describe() => sample is null ? ""
        : sample.Differing == 0 ? $"{sample.Again} decisions were taken twice, all alike."
        : $"{sample.Differing} of {sample.Again} decisions taken twice came out otherwise, last of {sample.LastDifference}: the logic depends on something that is not the call.";

    private Task<DecisionResult> RunAsync(CompiledLogic logic, DecisionRequest request, CancellationToken cancellationToken)
    {
        var decide = Options();
        var deciding = fetched is null ? runner.RunAsync(logic, request, decide) : fetched.RunAsync(logic, request, decide, LeftFor(request), cancellationToken);
        return sample is null ? deciding : SampleAsync(sample, deciding, logic, request);
    }

    private async Task<DecisionResult> SampleAsync(LiveSample into, Task<DecisionResult> deciding, CompiledLogic logic, DecisionRequest request)
    {
        var result = await deciding.ConfigureAwait(false);
        into.Offer(logic, request, _options, result);
        return result;
    }

    private async Task<DecisionResult> SendFirstAsync(CompiledLogic logic, DecisionRequest request, CancellationToken cancellationToken)
    {
        await SendAsync(logic, cancellationToken).ConfigureAwait(false);
        return await RunAsync(logic, request, cancellationToken).ConfigureAwait(false);
    }

    // What operators set changes now and then; what all decisions share is made anew only then.
    private DecideOptions Options()
    {
        var now = _options;
        if (values is null || ReferenceEquals(now.Lookups, values.Lookups))
            return now;
        return _options = now with { Lookups = values.Lookups };
    }

    // A part is kept for deciding with the answers, and for the way to the call's node. Another machine's clock says nothing.
    private TimeSpan LeftFor(DecisionRequest request)
    {
        if (router.Life is not { } life)
            return s_longestFetches;
        var age = router.SharesClock ? time.GetUtcNow() - request.Cause.OccurredAt : TimeSpan.Zero;
        return (life * 0.8) - (age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }
}
