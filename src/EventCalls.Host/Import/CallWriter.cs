using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Host.Import;

/// <summary>Stores imported calls, many at a time, each once: a call that is in the store already is left as it is.</summary>
/// <param name="store">The store; null when nothing can be there and nothing is to be stored.</param>
/// <param name="isDryRun">Whether nothing is to be stored.</param>
/// <param name="result">Where it is counted.</param>
internal sealed class CallWriter(ICallStore? store, bool isDryRun, ImportResult result)
{
    /// <summary>So many calls are gathered before they are stored.</summary>
    public const int CallsPerAppend = 200;

    // Clocks of two taps, or of a tap and a service, differ by this much at most for a Call-ID to be of the same call.
    private static readonly TimeSpan s_sameCall = TimeSpan.FromSeconds(10);

    private readonly List<IReadOnlyList<CallEvent>> _calls = [];
    private readonly HashSet<Guid> _ids = [];

    /// <summary>Whether enough is gathered for <see cref="FlushAsync"/>.</summary>
    public bool IsFull => _calls.Count >= CallsPerAppend;

    /// <summary>Takes a call; its first event is its <see cref="CallStarted"/>.</summary>
    public void Add(IReadOnlyList<CallEvent> call)
    {
        result.Calls++;
        foreach (var e in call)
        {
            if (e is TransferCompleted completed)
                Count(completed.Outcome);
            else if (e is TransferFailed failed)
                Count(failed.Outcome);
        }
        if (_ids.Add(call[0].CallId))
            _calls.Add(call);
        else
            result.AlreadyThere++;
    }

    /// <summary>Stores what was gathered.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var missing = new List<IReadOnlyList<CallEvent>>(_calls.Count);
        foreach (var call in _calls)
        {
            if (await IsThereAsync((CallStarted)call[0], cancellationToken))
                result.AlreadyThere++;
            else
                missing.Add(call);
        }
        _calls.Clear();
        _ids.Clear();
        if (missing.Count == 0)
            return;
        if (isDryRun || store is null)
        {
            result.Imported += missing.Count;
            return;
        }
        try
        {
            await store.AppendAsync([.. missing.SelectMany(call => call).Select(EventToAppend.Of)], cancellationToken);
            result.Imported += missing.Count;
        }
        catch (EventRefusedException)
        {
            await StoreOneByOneAsync(missing, cancellationToken);
        }
    }

    private async Task StoreOneByOneAsync(List<IReadOnlyList<CallEvent>> calls, CancellationToken cancellationToken)
    {
        foreach (var call in calls)
        {
            try
            {
                await store!.AppendAsync([.. call.Select(EventToAppend.Of)], cancellationToken);
                result.Imported++;
            }
            catch (EventRefusedException e)
            {
                result.Problems.Add("", $"the store does not take the call {((CallStarted)call[0]).SipCallId}: {e.Message}");
            }
        }
    }

    private async Task<bool> IsThereAsync(CallStarted started, CancellationToken cancellationToken)
    {
        if (store is null)
            return false;
        if (await store.FindAsync(started.CallId.ToString(), cancellationToken) is not null)
            return true;
        // The service may have recorded the call itself, or another capture may show it.
        return started.SipCallId.Length > 0
            && await store.FindAsync(started.SipCallId, cancellationToken) is { } other
            && (other.StartedAt - started.OccurredAt).Duration() <= s_sameCall;
    }

    private void Count(TransferOutcome outcome) => result.Transfers[outcome] = result.Transfers.GetValueOrDefault(outcome) + 1;
}
