using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders;

/// <summary>A decision of a pool, wherever it is asked.</summary>
internal sealed class PooledDecision : PendingDecision
{
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<DecisionResult> _done;
    private bool _hasTwin;

    public PooledDecision(CompiledLogic logic, DecisionRequest request, DecideOptions options, TimeProvider time)
        // Without RunContinuationsAsynchronously: what follows a decision is short and never blocks, a hop to the pool costs more than the decision.
        : this(logic, request, options, time, new TaskCompletionSource<DecisionResult>())
    {
    }

    private PooledDecision(
        CompiledLogic logic, DecisionRequest request, DecideOptions options, TimeProvider time, TaskCompletionSource<DecisionResult> done)
        : base(logic, request, options)
    {
        _time = time;
        _done = done;
        Since = time.GetTimestamp();
    }

    public Task<DecisionResult> Task => _done.Task;

    /// <summary>When it was asked.</summary>
    public long Since { get; }

    /// <summary>Whether it has been answered, by this process or another.</summary>
    public bool IsDone => _done.Task.IsCompleted;

    /// <summary>The same decision for another process, once: a decision is pure, and whichever answers first answers. Null when there is one already.</summary>
    public PooledDecision? Twin()
    {
        if (_hasTwin || IsDone)
            return null;
        _hasTwin = true;
        return new PooledDecision(Logic, Request, Options, _time, _done) { _hasTwin = true };
    }

    public override void Complete(DecisionResult result)
    {
        if (result.Failure is { Cause: RoutingFailureCause.LogicTimedOut or RoutingFailureCause.LogicCrashed })
            Logic.Health.Overran(_time.GetUtcNow());
        else
            Logic.Health.InTime();
        _done.TrySetResult(result);
    }

    public override void Fail(Exception error) => _done.TrySetException(error);
}
