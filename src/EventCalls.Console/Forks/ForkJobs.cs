using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;

namespace EventCalls.Console.Forks;

/// <summary>The forks that were asked for in this process: one is played at a time, each has its limit, and the last ones are kept.</summary>
internal sealed class ForkJobs(ConsoleSources sources, TimeProvider time) : IAsyncDisposable
{
    private const int MostKept = 20;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<ForkJob> _jobs = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Whether calls can be played here.</summary>
    public bool CanPlay => sources.Fork is not null;

    /// <summary>One of them.</summary>
    public ForkJob Required(string id)
    {
        lock (_gate)
        {
            return _jobs.Find(job => Guid.TryParse(id, out var wanted) && job.Id == wanted)
                ?? throw ApiProblemException.NotFound($"There is no fork '{PlainText.Of(id)}' here; this process keeps its last {MostKept}, until it stops.");
        }
    }

    /// <summary>Starts one.</summary>
    public ForkJob Start(CallHistory call, WantedFork wanted, LogicVersionLoaded? logic, string by)
    {
        if (sources.Fork is not { } play)
            throw new ApiProblemException(503, "Not available", "This process plays no calls; ask one that has the routing's configuration.");
        lock (_gate)
        {
            if (!_running.IsCompleted)
                throw new ApiProblemException(409, "A fork is played", "One fork is played at a time here; come again in a moment.") { RetryAfter = 2 };
            var job = new ForkJob(call.Call.CallId, by, time.GetUtcNow());
            _jobs.Add(job);
            if (_jobs.Count > MostKept)
                _jobs.RemoveAt(0);
            _running = Task.Run(() => RunAsync(job, ct => play(call, wanted.At ?? 1, wanted.Inject, logic, ct)), CancellationToken.None);
            return job;
        }
    }

    /// <summary>Ends what is played.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task running;
        lock (_gate)
            running = _running;
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync(ForkJob job, Func<CancellationToken, Task<PlayedFork>> play)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        try
        {
            job.Played = await play(either.Token).ConfigureAwait(false);
            job.Problem = job.Played.Doubt;
            job.State = ForkState.Done;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            job.Problem = $"It was not played within {s_limit.TotalSeconds:0} s.";
            job.State = ForkState.Failed;
        }
        catch (Exception e)
        {
            // Whatever it is, it is this fork's, and who asked for it has to know.
            job.Problem = e.Message;
            job.State = ForkState.Failed;
        }
    }
}

/// <summary>One fork.</summary>
/// <param name="callId">The call.</param>
/// <param name="by">Who asked.</param>
/// <param name="startedAt">When, UTC.</param>
internal sealed class ForkJob(Guid callId, string by, DateTimeOffset startedAt)
{
    private volatile int _state;

    /// <summary>Its id.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>What came of it; null until it is played.</summary>
    public PlayedFork? Played { get; set; }

    /// <summary>Why it could not be played, or is to be doubted.</summary>
    public string? Problem { get; set; }

    /// <summary>How far it is: set last.</summary>
    public ForkState State
    {
        get => (ForkState)_state;
        set => _state = (int)value;
    }

    /// <summary>The same for whoever asks.</summary>
    public ForkAnswer Answer() => State is var state && state == ForkState.Running
        ? new ForkAnswer(Id, callId, state, by, startedAt, null, null, null, null)
        : new ForkAnswer(Id, callId, state, by, startedAt, Played?.At, Played?.IsSame, Problem, Played is null ? null : System.Text.Json.JsonElement.Parse(Played.Json));
}
