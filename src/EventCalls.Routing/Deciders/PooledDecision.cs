using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders;

/// <summary>A decision of a pool, wherever it is asked.</summary>
internal sealed class PooledDecision(CompiledLogic logic, DecisionRequest request, DecideOptions options, TimeProvider time)
    : PendingDecision(logic, request, options)
{
    // Without RunContinuationsAsynchronously: what follows a decision is short and never blocks, a hop to the pool costs more than the decision.
    private readonly TaskCompletionSource<DecisionResult> _done = new();

    public Task<DecisionResult> Task => _done.Task;

    /// <summary>When it was asked.</summary>
    public long Since { get; } = time.GetTimestamp();

    public override void Complete(DecisionResult result)
    {
        if (result.Failure is { Cause: RoutingFailureCause.LogicTimedOut or RoutingFailureCause.LogicCrashed })
            Logic.Health.Overran(time.GetUtcNow());
        else
            Logic.Health.InTime();
        _done.TrySetResult(result);
    }

    public override void Fail(Exception error) => _done.TrySetException(error);
}
