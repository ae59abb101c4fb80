using System.Runtime.CompilerServices;
using EventCalls.Store;

namespace EventCalls.Replay.Choosing;

/// <summary>Reads the chosen calls, the oldest first, with what came to them after their end where a decision is missing.</summary>
public sealed class ChosenCalls
{
    private const int RowsPerPage = 1_000;

    private readonly IPastCalls _store;
    private readonly CallChoice _choice;
    private readonly List<CallRow>? _rows;

    private ChosenCalls(IPastCalls store, CallChoice choice, List<CallRow>? rows, long count)
    {
        _store = store;
        _choice = choice with { Query = choice.Query with { EventTypes = Replayer.EventTypes } };
        _rows = rows;
        Count = count;
    }

    /// <summary>How many calls are read; conditions on headers are looked at when they are.</summary>
    public long Count { get; }

    /// <summary>Finds them.</summary>
    /// <exception cref="UnknownCallException">One that is named is not there.</exception>
    public static async Task<ChosenCalls> FindAsync(IPastCalls store, CallChoice choice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(choice);
        var rows = choice.Ids.Count > 0 ? await NamedAsync(store, choice, cancellationToken).ConfigureAwait(false)
            : choice.Sample is { } sample ? await SampleAsync(store, choice, sample, cancellationToken).ConfigureAwait(false)
            : null;
        long count = rows?.Count ?? await store.CountAsync(choice.Query, cancellationToken).ConfigureAwait(false);
        return new ChosenCalls(store, choice, rows, Math.Min(count, choice.Query.Limit ?? long.MaxValue));
    }

    /// <summary>Reads them, or those behind one.</summary>
    public async IAsyncEnumerable<CallHistory> ReadAsync(CallCursor? behind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var calls = _rows is null
            ? _store.ReadCallsAsync(_choice.Query with { Behind = behind ?? _choice.Query.Behind }, cancellationToken)
            : ReadRowsAsync(_rows, behind, cancellationToken);
        await foreach (var call in calls.ConfigureAwait(false))
            yield return await WithLateDecisionAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads them with all of their events.</summary>
    public IAsyncEnumerable<CallHistory> ReadWholeAsync(CancellationToken cancellationToken) =>
        _rows is null ? _store.ReadCallsAsync(_choice.Query with { EventTypes = null }, cancellationToken) : ReadRowsAsync(_rows, null, cancellationToken);

    private async IAsyncEnumerable<CallHistory> ReadRowsAsync(List<CallRow> rows, CallCursor? behind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            if (behind is { } before && Compare(CallCursor.Of(row), before) <= 0)
                continue;
            yield return new CallHistory(row, await _store.ReadStreamAsync(row.CallId, cancellationToken).ConfigureAwait(false));
        }
    }

    // A router can decide when the caller has given up already; what it decided is kept beside the stream.
    private async Task<CallHistory> WithLateDecisionAsync(CallHistory call, CancellationToken cancellationToken)
    {
        if (call.Call.Flow is not null || call.Call.EndedAt is null || call.Call.Handoff is not null && !call.Events.Any(e => e.Type == "routing_timed_out"))
            return call;
        var late = await _store.ReadLateEventsAsync(call.Call.CallId, cancellationToken).ConfigureAwait(false);
        if (late.Count == 0)
            return call;
        var events = new List<StoredEvent>(call.Events);
        foreach (var e in late)
        {
            events.Add(new StoredEvent
            {
                Position = 0,
                CallId = e.CallId,
                Version = events.Count + 1,
                EventId = e.EventId,
                Type = e.Type,
                Data = e.Data,
            });
        }
        return call with { Events = events };
    }

    private static async Task<List<CallRow>> NamedAsync(IPastCalls store, CallChoice choice, CancellationToken cancellationToken)
    {
        var rows = new List<CallRow>();
        foreach (string id in choice.Ids)
        {
            var row = await store.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new UnknownCallException(id, store.Description);
            if (rows.TrueForAll(known => known.CallId != row.CallId))
                rows.Add(row);
        }
        return Sorted(rows);
    }

    // The calls with the smallest hashes of their ids: the same ones each time, and each as likely.
    private static async Task<List<CallRow>> SampleAsync(IPastCalls store, CallChoice choice, int size, CancellationToken cancellationToken)
    {
        var kept = new PriorityQueue<CallRow, ulong>(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
        await foreach (var row in RowsAsync(store, choice, cancellationToken).ConfigureAwait(false))
        {
            if (kept.Count < size)
                kept.Enqueue(row, Hash(row.CallId));
            else
                kept.EnqueueDequeue(row, Hash(row.CallId));
        }
        return Sorted([.. kept.UnorderedItems.Select(item => item.Element)]);
    }

    // Conditions on headers are those of the sample too, so that it does not come out smaller.
    private static async IAsyncEnumerable<CallRow> RowsAsync(IPastCalls store, CallChoice choice, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (choice.Predicate is { } isChosen)
        {
            await foreach (var call in store.ReadCallsAsync(choice.Query with { EventTypes = ["call_started"] }, cancellationToken).ConfigureAwait(false))
            {
                if (isChosen(call.Call, Past.PastCallReader.Read(call).Started))
                    yield return call.Call;
            }
            yield break;
        }
        var query = choice.Query with { Limit = RowsPerPage };
        while (true)
        {
            var page = await store.SearchAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var row in page)
                yield return row;
            if (page.Count < RowsPerPage)
                yield break;
            query = query with { Behind = CallCursor.Of(page[^1]) };
        }
    }

    // FNV-1a: the first bytes of our ids are times.
    private static ulong Hash(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in bytes)
            hash = (hash ^ b) * 0x100000001B3;
        return hash ^ (hash >> 32);
    }

    private static List<CallRow> Sorted(List<CallRow> rows)
    {
        rows.Sort((a, b) => Compare(CallCursor.Of(a), CallCursor.Of(b)));
        return rows;
    }

    // As both databases sort ids: by their text, which is their bytes.
    private static int Compare(CallCursor a, CallCursor b)
    {
        int byTime = a.StartedAt.CompareTo(b.StartedAt);
        return byTime != 0 ? byTime : string.CompareOrdinal(a.CallId.ToString(), b.CallId.ToString());
    }
}
