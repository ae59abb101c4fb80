using EventCalls.Console.Problems;
using EventCalls.Contracts;

namespace EventCalls.Console.Jobs;

/// <summary>The jobs of one kind that were asked for in this process: one runs at a time, and the last ones are kept.</summary>
/// <param name="kind">What one of them is called, for people.</param>
internal sealed class KeptJobs<TJob>(string kind) : IAsyncDisposable
    where TJob : Job
{
    private const int MostKept = 20;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<TJob> _jobs = [];
    private Task _running = Task.CompletedTask;

    /// <summary>All that are kept, the newest first.</summary>
    public IReadOnlyList<TJob> All
    {
        get
        {
            lock (_gate)
                return [.. Enumerable.Reverse(_jobs)];
        }
    }

    /// <summary>One of them.</summary>
    public TJob Required(string id) =>
        All.FirstOrDefault(job => Guid.TryParse(id, out var wanted) && job.Id == wanted)
        ?? throw ApiProblemException.NotFound($"There is no {kind} '{PlainText.Of(id)}' here; this process keeps its last {MostKept}, until it stops.");

    /// <summary>Starts one.</summary>
    /// <param name="make">Makes it.</param>
    /// <param name="busy">What is said while another one runs.</param>
    public TJob Start(Func<TJob> make, Func<ApiProblemException> busy)
    {
        lock (_gate)
        {
            if (!_running.IsCompleted)
                throw busy();
            var job = make();
            _jobs.Add(job);
            if (_jobs.Count > MostKept)
            {
                _jobs[0].Dispose();
                _jobs.RemoveAt(0);
            }
            _running = Task.Run(() => job.RunAsync(_stopping.Token), CancellationToken.None);
            return job;
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
    }
}
