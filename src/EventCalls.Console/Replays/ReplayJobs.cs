using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Replay;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Choosing;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Console.Replays;

/// <summary>The replays that were started in this process: one at a time, and the last ones are kept.</summary>
/// <param name="sources">The calls, and what decides.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplayJobs(ConsoleSources sources, TimeProvider time) : IAsyncDisposable
{
    private const int MostKept = 20;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<ReplayJob> _jobs = [];
    private readonly SemaphoreSlim _oneCall = new(1, 1);
    private Task _running = Task.CompletedTask;

    /// <summary>All that are kept, the newest first.</summary>
    public IReadOnlyList<ReplayJob> All
    {
        get
        {
            lock (_gate)
                return [.. Enumerable.Reverse(_jobs)];
        }
    }

    /// <summary>One of them.</summary>
    public ReplayJob Required(string id) =>
        All.FirstOrDefault(job => Guid.TryParse(id, out var wanted) && job.Id == wanted)
        ?? throw ApiProblemException.NotFound($"There is no replay '{PlainText.Of(id)}' here; this process keeps its last {MostKept}, until it stops.");

    /// <summary>Starts one.</summary>
    public ReplayJob Start(ReplayRequest request, IReadOnlyList<LogicSource> logic, string by)
    {
        var (compile, options) = Means();
        lock (_gate)
        {
            if (!_running.IsCompleted)
                throw new ApiProblemException(409, "A replay is running", "One replay runs at a time here; wait for it, or end it with DELETE.");
            var job = new ReplayJob(request, by, time);
            _jobs.Add(job);
            if (_jobs.Count > MostKept)
            {
                _jobs[0].Dispose();
                _jobs.RemoveAt(0);
            }
            _running = Task.Run(() => job.RunAsync(sources.Store, ct => compile(logic, ct), options with { Chosen = request.Choice.Predicate }, _stopping.Token), CancellationToken.None);
            return job;
        }
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
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task running;
        lock (_gate)
            running = _running;
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var job in All)
            job.Dispose();
        _stopping.Dispose();
        _oneCall.Dispose();
    }

    private (Func<IReadOnlyList<LogicSource>, CancellationToken, Task<LogicCheck>> Compile, ReplayOptions Options) Means() => sources is { CompileLogic: { } compile, Replaying: { } options }
        ? (compile, options())
        : throw new ApiProblemException(503, "Not available", "This process decides nothing again; ask one that has the routing's configuration.");
}
