using EventCalls.Console.Jobs;
using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Replay;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Choosing;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Console.Replays;

/// <summary>The replays that were started in this process.</summary>
/// <param name="sources">The calls, and what decides.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplayJobs(ConsoleSources sources, TimeProvider time) : IAsyncDisposable
{
    private readonly KeptJobs<ReplayJob> _jobs = new("replay");
    private readonly SemaphoreSlim _oneCall = new(1, 1);

    /// <summary>All that are kept, the newest first.</summary>
    public IReadOnlyList<ReplayJob> All => _jobs.All;

    /// <summary>One of them.</summary>
    public ReplayJob Required(string id) => _jobs.Required(id);

    /// <summary>Starts one.</summary>
    public ReplayJob Start(ReplayRequest request, IReadOnlyList<LogicSource> logic, string by)
    {
        var (compile, options) = Means();
        return _jobs.Start(
            () => new ReplayJob(request, sources.Store, ct => compile(logic, ct), options, by, time),
            () => new ApiProblemException(409, "A replay is running", "One replay runs at a time here; wait for it, or end it with DELETE."));
    }

    /// <summary>What a version of logic would have done with one call.</summary>
    public async Task<ReplayedCall> DecideAsync(CallRow call, IReadOnlyList<LogicSource> logic, CancellationToken cancellationToken)
    {
        var (compile, options) = Means();
        await _oneCall.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var check = await compile(logic, cancellationToken).ConfigureAwait(false);
            using var candidate = check.Logic ?? throw ApiProblemException.Invalid("logic", $"The logic does not compile: {check.Diagnostics[0]}");
            using var replayer = new Replayer(candidate, options with { Threads = 1 }, time);
            var calls = await ChosenCalls.FindAsync(sources.Store, new CallChoice { Ids = [call.CallId.ToString("D")] }, cancellationToken).ConfigureAwait(false);
            await foreach (var history in calls.ReadAsync(null, cancellationToken).ConfigureAwait(false))
                return await replayer.RunAsync(history, cancellationToken).ConfigureAwait(false);
            throw ApiProblemException.NotFound($"The call {call.CallId:D} is not there any more.");
        }
        finally
        {
            _oneCall.Release();
        }
    }

    /// <summary>Ends what runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync().ConfigureAwait(false);
        _oneCall.Dispose();
    }

    private (Func<IReadOnlyList<LogicSource>, CancellationToken, Task<LogicCheck>> Compile, ReplayOptions Options) Means() => sources is { CompileLogic: { } compile, Replaying: { } options }
        ? (compile, options())
        : throw new ApiProblemException(503, "Not available", "This process decides nothing again; ask one that has the routing's configuration.");
}
