using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Deciders;

/// <summary>Decides in processes of their own: whatever the logic does to one, the calls of others get their decisions, and this process goes on.</summary>
/// <remarks>
/// A decision that a process died with is asked once more; that of one killed over its limit fails at once, and what had not begun goes to the
/// next process as if nothing had happened.
/// </remarks>
public sealed partial class DeciderPool : ILogicRunner
{
    // A stack that overflows ends a process; so may what an earlier decision left behind, a finalizer. Who was there twice did it.
    private const int MostDeaths = 2;

    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly DeciderPoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DeciderFleet _fleet;
    private readonly Queue<PooledDecision> _unplaced = new();
    private readonly QuietTurns _told = new();
    private CompiledLogic? _current;
    private CompiledLogic? _beside;

    // A version that does not decide the call it is tried with starts without.
    private CompiledLogic? _cold;
    private bool _disposed;

    /// <param name="options">How many processes, and how they are started.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where processes that end are reported.</param>
    public DeciderPool(DeciderPoolOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Count);
        (_options, _time, _logger) = (options, time, logger);
        _fleet = new DeciderFleet(options, PrepareAsync, Ended, PlaceWaiting, time, logger);
        _fleet.Start();
    }

    /// <summary>The processes that decide now, the spare ones behind the others.</summary>
    public IReadOnlyList<DeciderProcess> Running => _fleet.Running;

    /// <summary>How they are started.</summary>
    internal DeciderProcessOptions Process => _options.Process;

    /// <inheritdoc/>
    public Task<LogicCheck> CompileAsync(IReadOnlyList<LogicSource> sources, CancellationToken cancellationToken) =>
        DeciderCompiler.CompileAsync(CompilerOptions, sources, _time, cancellationToken);

    internal Task<LogicCheck> CompileUnguardedAsync(IReadOnlyList<LogicSource> sources) =>
        DeciderCompiler.CompileAsync(CompilerOptions, sources, isGuarded: false, _time, CancellationToken.None);

    /// <inheritdoc/>
    public async Task UseAsync(CompiledLogic logic, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _current, logic);
        await Task.WhenAll(_fleet.Running.Select(p => p.LoadAsync(logic, cancellationToken))).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task UseBesideAsync(CompiledLogic logic, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _beside, logic);
        await Task.WhenAll(_fleet.Running.Select(p => p.LoadAsync(logic, cancellationToken))).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Forget(CompiledLogic logic)
    {
        Interlocked.CompareExchange(ref _beside, null, logic);
        foreach (var process in _fleet.Running)
            process.Unload(logic);
    }

    /// <inheritdoc/>
    public Task<DecisionResult> RunAsync(CompiledLogic logic, DecisionRequest request, DecideOptions options)
    {
        ArgumentNullException.ThrowIfNull(logic);
        if (_options.IsImpatient && logic.Health.Refusal(_time.GetUtcNow(), pause: true) is { } refusal)
            return Task.FromResult(DecisionResults.Failed(request, logic.Version, RoutingFailureCause.LogicTimedOut, refusal));
        var decision = new PooledDecision(logic, request, options, _time);
        Place(decision);
        return decision.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _disposed = true;
        await _fleet.DisposeAsync().ConfigureAwait(false);
        PlaceWaiting();
    }

    private DeciderProcessOptions CompilerOptions => _options.Process with { MemoryMb = Math.Max(_options.Process.MemoryMb, _options.CompilerMemoryMb) };

    // The first decision of a process compiles what deciding needs, which takes as long as starting it: no call waits for that.
    private async Task PrepareAsync(DeciderProcess process)
    {
        if (Volatile.Read(ref _current) is not { } current)
            return;
        await process.LoadAsync(current, CancellationToken.None).ConfigureAwait(false);
        if (Volatile.Read(ref _beside) is { } beside)
            await process.LoadAsync(beside, CancellationToken.None).ConfigureAwait(false);
        if (ReferenceEquals(current, Volatile.Read(ref _cold)))
            return;
        var first = new PooledDecision(current, new TrialCall { Caller = "+1", Callee = "+2" }.ToRequest(_time.GetUtcNow()), new DecideOptions(), _time);
        process.Ask(first);
        if (await Task.WhenAny(first.Task, process.Completion).ConfigureAwait(false) != first.Task)
            Volatile.Write(ref _cold, current);
    }

    private void Place(PooledDecision decision)
    {
        if (decision.IsDone)
            return;
        while (_fleet.Choose() is { } process)
        {
            if (process.Ask(decision))
                return;
        }

        lock (_gate)
        {
            if (!_disposed)
            {
                _unplaced.Enqueue(decision);
                return;
            }
        }

        decision.Fail(new ObjectDisposedException(nameof(DeciderPool)));
    }

    // Called when there is a process more, when one is held up, and now and then.
    private void PlaceWaiting()
    {
        foreach (var process in _fleet.HeldUp())
        {
            foreach (var decision in process.TakeBack())
                Place((PooledDecision)decision);
            // They may have to wait for a second behind one that hangs.
            if (_fleet.Choose() is not { } other || other == process)
                continue;
            foreach (var decision in process.NotBegun())
            {
                if (((PooledDecision)decision).Twin() is { } twin)
                    Place(twin);
            }
        }

        while (true)
        {
            PooledDecision? next;
            bool over;
            lock (_gate)
            {
                if (!_unplaced.TryPeek(out next))
                    return;
                over = _disposed || _time.GetElapsedTime(next.Since) > s_longestWait;
                if (!over && _fleet.Choose() is null)
                    return;
                _unplaced.Dequeue();
            }

            if (over)
                next.Complete(Failed(next, RoutingFailureCause.LogicTimedOut, $"No process was free to decide for {s_longestWait.TotalSeconds:0} s. {_fleet.StartError}".TrimEnd()));
            else
                Place(next);
        }
    }

    private void Ended(DeciderDeath death)
    {
        if (death.Began is PooledDecision began)
            Blame(began, death);
        else if (death.Kind != DeciderEnd.Stopped && _told.Take(_time.GetUtcNow()) is { } more)
            LogEnded(death.Message, more);
        foreach (var other in death.Others)
            Place((PooledDecision)other);
    }

    private void Blame(PooledDecision began, DeciderDeath death)
    {
        began.Deaths++;
        if (death.Kind == DeciderEnd.Stopped)
        {
            Place(began);
            return;
        }

        began.Logic.Health.Killed(_time.GetUtcNow());
        if (_told.Take(_time.GetUtcNow()) is { } more)
            LogDied(began.Logic.Version, began.Request.Started.CallId, death.Message, more);
        if (death.Kind is DeciderEnd.OverTime or DeciderEnd.Blocked)
            began.Complete(Failed(began, RoutingFailureCause.LogicTimedOut, $"The process that decided was ended: {death.Message}."));
        else if (began.Deaths >= MostDeaths)
            began.Complete(Failed(began, RoutingFailureCause.LogicCrashed, $"The logic ended the process that decided, twice: {death.Message}."));
        else
            Place(began);
    }

    private static DecisionResult Failed(PooledDecision decision, RoutingFailureCause cause, string message) =>
        DecisionResults.Failed(decision.Request, decision.Logic.Version, cause, message);

    [LoggerMessage(Level = LogLevel.Error, Message = "Logic {Version} ended the process that decided call {CallId}: {How}. ({More} more of this kind since the last such line.)")]
    private partial void LogDied(string version, Guid callId, string how, int more);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A process for routing decisions ended and is started again: {How}. ({More} more of this kind since the last such line.)")]
    private partial void LogEnded(string how, int more);
}
