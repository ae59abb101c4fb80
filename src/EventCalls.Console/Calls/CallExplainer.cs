using EventCalls.Console.Problems;
using EventCalls.Replay.Explaining;
using EventCalls.Store;

namespace EventCalls.Console.Calls;

/// <summary>Explains decisions one after the other: each is taken again, and that costs what a decision and perhaps a compilation cost.</summary>
/// <param name="make">Makes what explains, when it is first needed.</param>
internal sealed class CallExplainer(Func<DecisionExplainer> make) : IAsyncDisposable
{
    private const int MaxWaiting = 8;
    private readonly SemaphoreSlim _one = new(1, 1);
    private DecisionExplainer? _explainer;
    private int _waiting;

    public async Task<IReadOnlyList<Explanation>> ExplainAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ApiProblemException(503, "Busy", "Other calls are being explained; come again.") { RetryAfter = 2 };
        }
        try
        {
            await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                _explainer ??= make();
                var explained = new List<Explanation>();
                foreach (var decision in RecordedDecisions.Of(events))
                    explained.Add(await _explainer.ExplainAsync(decision, cancellationToken).ConfigureAwait(false));
                return explained;
            }
            finally
            {
                _one.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_explainer is not null)
            await _explainer.DisposeAsync().ConfigureAwait(false);
        _one.Dispose();
    }
}
