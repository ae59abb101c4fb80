using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Deciding;

/// <summary>Threads of our own that decide, and a watchdog: a decision that its check points cannot end loses its thread and is answered all the same.</summary>
/// <remarks>
/// Not the thread pool's: a hanging decision there would take a thread from everything else the process does. Handing a decision over costs
/// about 1 µs with many outstanding and 3 µs with one at a time.
/// </remarks>
public sealed partial class DecisionThreads : ILogicRunner, IDisposable
{
    private readonly Lock _watchGate = new();
    private readonly object _gate = new();
    private readonly Queue<DecisionJob> _queue = new();
    private readonly List<Worker> _workers = [];
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DecisionThreadsOptions _options;
    private readonly ManualResetEventSlim _stopWatching = new();
    private bool _stopped;

    /// <param name="options">How many threads, and what to do when they hang.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where abandoned threads are reported.</param>
    public DecisionThreads(DecisionThreadsOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Count);
        _options = options;
        _time = time;
        _logger = logger;
        for (int i = 0; i < options.Count; i++)
            StartWorker();
        new Thread(Watch) { IsBackground = true, Name = "decision watchdog" }.Start();
    }

    /// <summary>Decides on one of the threads. The caller's continuation runs there too: it must not block.</summary>
    public Task<DecisionResult> RunAsync(CompiledLogic logic, DecisionRequest request, DecideOptions options)
    {
        ArgumentNullException.ThrowIfNull(logic);
        if (logic.Health.Refusal(_time.GetUtcNow(), _options.Impatient) is { } refusal)
            return Task.FromResult(DecisionResults.Failed(request, logic.Version, RoutingFailureCause.LogicTimedOut, refusal));
        var job = new DecisionJob(logic, request, options, _time.GetTimestamp());
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _queue.Enqueue(job);
            Monitor.Pulse(_gate);
        }

        return job.Task;
    }

    /// <inheritdoc/>
    public Task<LogicCheck> CompileAsync(IReadOnlyList<LogicSource> sources, CancellationToken cancellationToken) =>
        Task.Run(() => LogicCompiler.Compile(sources, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task UseAsync(CompiledLogic logic, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Forget(CompiledLogic logic)
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets the threads end once the queue is empty; does not wait for them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        _stopWatching.Set();
    }

    private void StartWorker()
    {
        var worker = new Worker();
        lock (_watchGate)
            _workers.Add(worker);
        new Thread(() => Work(worker), DecisionStack.Bytes) { IsBackground = true, Name = "decision" }.Start();
    }

    private void Work(Worker worker)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        while (Next() is { } job)
        {
            var waited = _time.GetElapsedTime(job.Enqueued);
            if (_options.Impatient && job.Logic.Health.IsTroubled && waited > job.Options.TimeLimit + _options.Grace)
            {
                job.Complete(DecisionResults.Failed(
                    job.Request,
                    job.Logic.Version,
                    RoutingFailureCause.LogicTimedOut,
                    $"No decision thread was free for {waited.TotalMilliseconds:0} ms: decisions before this one ran over their limit."));
                continue;
            }

            worker.Begin(job, _time.GetTimestamp());
            DecisionResult? result = null;
            Exception? error = null;
            try
            {
                result = Decider.Decide(job.Logic, job.Request, job.Options);
            }
            catch (Exception e)
            {
                // Not the logic's fault, which Decide tells; an exception must not end the thread, and with it the process.
                error = e;
            }

            if (!worker.End())
            {
                job.Logic.Health.Returned();
                return;
            }

            if (result?.Failure?.Cause == RoutingFailureCause.LogicTimedOut)
                job.Logic.Health.Overran(_time.GetUtcNow());
            else
                job.Logic.Health.InTime();
            if (result is not null)
                job.Complete(result);
            else
                job.Fail(error!);
        }
    }

    private DecisionJob? Next()
    {
        lock (_gate)
        {
            DecisionJob? job;
            while (!_queue.TryDequeue(out job))
            {
                if (_stopped)
                    return null;
                Monitor.Wait(_gate);
            }

            return job;
        }
    }

    private void Watch()
    {
        var period = TimeSpan.FromMilliseconds(Math.Clamp(_options.Grace.TotalMilliseconds / 2, 5, 100));
        while (!_stopWatching.Wait(period))
        {
            Worker[] workers;
            lock (_watchGate)
                workers = [.. _workers];
            foreach (var worker in workers)
            {
                if (worker.Job is { } job && _time.GetElapsedTime(worker.Began) > job.Options.TimeLimit + _options.Grace && worker.TryAbandon(job))
                    Replace(worker, job);
            }
        }
    }

    private void Replace(Worker worker, DecisionJob job)
    {
        job.Logic.Health.Abandoned();
        lock (_watchGate)
            _workers.Remove(worker);
        StartWorker();
        LogAbandoned(job.Logic.Version, job.Request.Started.CallId, job.Options.TimeLimit.TotalMilliseconds);
        var result = DecisionResults.Failed(
            job.Request,
            job.Logic.Version,
            RoutingFailureCause.LogicTimedOut,
            $"The logic ran longer than {job.Options.TimeLimit.TotalMilliseconds:0} ms in a call that cannot be stopped; its thread was given up.");
        // The continuation may be long; the watchdog has other threads to see to.
        ThreadPool.UnsafeQueueUserWorkItem(static s => s.job.Complete(s.result), (job, result), preferLocal: false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Logic {Version} hangs in a decision for call {CallId} ({LimitMs} ms allowed); its thread was given up and replaced.")]
    private partial void LogAbandoned(string version, Guid callId, double limitMs);

    private sealed class Worker
    {
        private DecisionJob? _job;

        public DecisionJob? Job => Volatile.Read(ref _job);

        public long Began { get; private set; }

        public void Begin(DecisionJob job, long now)
        {
            Began = now;
            Volatile.Write(ref _job, job);
        }

        /// <summary>False when the watchdog took the job away meanwhile.</summary>
        public bool End() => Interlocked.Exchange(ref _job, null) is not null;

        public bool TryAbandon(DecisionJob job) => Interlocked.CompareExchange(ref _job, null, job) == job;
    }
}
