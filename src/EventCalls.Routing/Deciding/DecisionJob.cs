using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciding;

/// <summary>A decision waiting for a thread.</summary>
internal sealed class DecisionJob(CompiledLogic logic, DecisionRequest request, DecideOptions options, long enqueued)
{
    // Without RunContinuationsAsynchronously: what follows a decision is short and never blocks, a hop to the pool costs more than the decision.
    private readonly TaskCompletionSource<DecisionResult> _done = new();

    public CompiledLogic Logic { get; } = logic;

    public DecisionRequest Request { get; } = request;

    public DecideOptions Options { get; } = options;

    public long Enqueued { get; } = enqueued;

    public Task<DecisionResult> Task => _done.Task;

    public void Fail(Exception error) => _done.TrySetException(error);

    public void Complete(DecisionResult result) => _done.TrySetResult(result);
}
