using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Import;

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

    private readonly List<Gathered> _calls = [];
    private readonly HashSet<Guid> _ids = [];

    /// <summary>Whether enough is gathered for <see cref="FlushAsync"/>.</summary>
    public bool IsFull => _calls.Count >= CallsPerAppend;

    /// <summary>Takes a call of a capture; its first event is its <see cref="CallStarted"/>.</summary>
    public void Add(IReadOnlyList<CallEvent> call) => Add(new Gathered(call, null));

    /// <summary>Takes a call of a table; each row has an id of its own.</summary>
    /// <param name="call">Its events.</param>
    /// <param name="at">Where in the table it is, for people.</param>
    public void AddRow(IReadOnlyList<CallEvent> call, string at) => Add(new Gathered(call, at));

    private void Add(Gathered gathered)
    {
        var call = gathered.Events;
        result.Calls++;
        foreach (var e in call)
        {
            if (e is TransferCompleted completed)
                Count(completed.Outcome);
            else if (e is TransferFailed failed)
                Count(failed.Outcome);
        }
        if (_ids.Add(gathered.Started.CallId))
            _calls.Add(gathered);
        else
            result.AlreadyThere++;
    }

    /// <summary>Stores what was gathered.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var missing = new List<IReadOnlyList<CallEvent>>(_calls.Count);
        foreach (var call in _calls)
        {
            if (await FindAsync(call, cancellationToken) is not { } there)
                missing.Add(call.Events);
            else if (call.At is null || there.CallId != call.Started.CallId || IsSame(there, call.Events))
                result.AlreadyThere++;
            else
                result.Problems.Add(call.At, $"the store has another record of the call {Name(call.Started)}: {Facts(there)} there, {Facts(RowOf(call.Events))} here; the one in the store is left as it is");
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

    private async Task<CallRow?> FindAsync(Gathered call, CancellationToken cancellationToken)
    {
        var started = call.Started;
        if (store is null)
            return null;
        if (await store.FindAsync(started.CallId.ToString(), cancellationToken) is { } own)
            return own;
        // The service may have recorded the call itself, or another capture may show it. Two rows of one id are two records.
        return started.SipCallId.Length > 0
            && await store.FindAsync(started.SipCallId, cancellationToken) is { } other
            && (other.StartedAt - started.OccurredAt).Duration() <= s_sameCall
            && !(call.At is not null && await IsRowAsync(other, cancellationToken))
            ? other
            : null;
    }

    /// <summary>Whether a call came from a table, which does not say from where it was called.</summary>
    private async Task<bool> IsRowAsync(CallRow other, CancellationToken cancellationToken) =>
        other.Node.StartsWith(ImportedStream.NodePrefix, StringComparison.Ordinal)
        && await store!.ReadStreamAsync(other.CallId, cancellationToken) is [var first, ..]
        && first.Read() is CallStarted { RemoteEndPoint: "" };

    // The file may have another name now, and the trunk another on the command line.
    private static bool IsSame(CallRow there, IReadOnlyList<CallEvent> call) =>
        RowOf(call) with { Node = there.Node, Trunk = there.Trunk, Version = there.Version, LastEventId = there.LastEventId } == there;

    private static CallRow RowOf(IReadOnlyList<CallEvent> call)
    {
        CallRow? row = null;
        for (int i = 0; i < call.Count; i++)
            row = CallProjection.Apply(row, call[i], i);
        return row!;
    }

    private static string Name(CallStarted started) => started.SipCallId.Length > 0 ? started.SipCallId : started.CallId.ToString();

    private static string Facts(CallRow row) =>
        $"{row.Caller} to {row.Callee}{(row.Target is { } target ? $", {WireName.Of(row.Handoff)} {target}" : "")}, {WireName.Of(row.Outcome) ?? "no outcome"}";

    private void Count(TransferOutcome outcome) => result.Transfers[outcome] = result.Transfers.GetValueOrDefault(outcome) + 1;

    /// <summary>A call that waits to be stored.</summary>
    /// <param name="Events">Its events.</param>
    /// <param name="At">Where in its table it is; null when it is of a capture.</param>
    private readonly record struct Gathered(IReadOnlyList<CallEvent> Events, string? At)
    {
        public CallStarted Started => (CallStarted)Events[0];
    }
}
