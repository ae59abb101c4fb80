using System.Runtime.CompilerServices;
using EventCalls.Contracts;
using EventCalls.Replay.Past;
using EventCalls.Store;

namespace EventCalls.Replay.Histories;

/// <summary>Past calls in a file, as <see cref="HistoryExport"/> writes it: what <c>replay --history</c> reads in place of a store. It is read from its beginning each time, and never kept in memory.</summary>
public sealed class HistoryFile : IPastCalls
{
    private readonly string _path;
    private readonly HistoryHead _head;
    private readonly List<LogicVersionLoaded> _versions;

    private HistoryFile(string path, HistoryHead head, List<LogicVersionLoaded> versions) => (_path, _head, _versions) = (path, head, versions);

    /// <inheritdoc/>
    public string Description => $"history {_path}{(IsAnonymized ? ", anonymized" : "")}";

    /// <summary>Whether numbers and texts in it stand for others: then a version may decide otherwise than it did, which is no mistake of its.</summary>
    public bool IsAnonymized => _head.Anonymized;

    /// <summary>Opens a history.</summary>
    /// <exception cref="InvalidDataException">It is none, or damaged; the message says so and what to do.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static HistoryFile Open(string path)
    {
        using var reader = new HistoryReader(path);
        return new HistoryFile(path, reader.Head, reader.Versions);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CallHistory> ReadCallsAsync(CallQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        await Task.CompletedTask.ConfigureAwait(false);
        int left = query.Limit ?? int.MaxValue;
        using var reader = new HistoryReader(_path);
        while (left > 0 && reader.Read() is { } call)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!IsChosen(call, query))
                continue;
            left--;
            yield return call;
        }
    }

    /// <inheritdoc/>
    public async Task<long> CountAsync(CallQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query with { EventTypes = null, Limit = null } == new CallQuery())
            return _head.Calls;
        long count = 0;
        await foreach (var _ in ReadCallsAsync(query with { Limit = null }, cancellationToken).ConfigureAwait(false))
            count++;
        return count;
    }

    /// <inheritdoc/>
    public async Task<CallRow?> FindAsync(string idOrSipCallId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(idOrSipCallId);
        bool isId = Guid.TryParse(idOrSipCallId, out var id);
        CallRow? found = null;
        await foreach (var call in ReadCallsAsync(new CallQuery(), cancellationToken).ConfigureAwait(false))
        {
            if (isId && call.Call.CallId == id)
                return call.Call;
            if (call.Call.SipCallId == idOrSipCallId)
                found = call.Call;
        }
        return found;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(Guid callId, CancellationToken cancellationToken)
    {
        await foreach (var call in ReadCallsAsync(new CallQuery(), cancellationToken).ConfigureAwait(false))
        {
            if (call.Call.CallId == callId)
                return call.Events;
        }
        return [];
    }

    /// <summary>The calls, the newest first; all that match are looked at.</summary>
    public async Task<IReadOnlyList<CallRow>> SearchAsync(CallQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var rows = new List<CallRow>();
        await foreach (var call in ReadCallsAsync(query with { Limit = null, Behind = null }, cancellationToken).ConfigureAwait(false))
        {
            if (query.Behind is not { } behind || Compare(CallCursor.Of(call.Call), behind) < 0)
                rows.Add(call.Call);
        }
        rows.Reverse();
        return rows.Count > query.SearchLimit ? rows[..query.SearchLimit] : rows;
    }

    /// <summary>None: what came late was put behind the call's other events when the file was made.</summary>
    public Task<IReadOnlyList<LateEvent>> ReadLateEventsAsync(Guid callId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LateEvent>>([]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListLogicVersionsAsync(string prefix, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _versions.Select(v => v.Version).Where(v => v.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public Task<LogicVersionLoaded?> FindLogicVersionAsync(string version, CancellationToken cancellationToken) => Task.FromResult(_versions.Find(v => v.Version == version));

    private static bool IsChosen(CallHistory call, CallQuery query)
    {
        var row = call.Call;
        return (query.From is not { } from || row.StartedAt >= from)
            && (query.To is not { } to || row.StartedAt < to)
            && Is(query.Caller, row.Caller) && Is(query.Callee, row.Callee)
            && Begins(query.CallerPrefix, row.Caller) && Begins(query.CalleePrefix, row.Callee)
            && Is(query.Flow, row.Flow) && Is(query.Trunk, row.Trunk) && Is(query.Target, row.Target) && Is(query.Reason, row.Reason) && Is(query.LogicVersion, row.LogicVersion)
            && (query.Outcome is not { } outcome || row.Outcome == outcome)
            && (query.Handoff is not { } handoff || row.Handoff == handoff)
            && (query.Masked is not { } masked || row.MaskedAt is not null == masked)
            && (query.Ended is not { } ended || row.EndedAt is not null == ended)
            && (query.Behind is not { } behind || Compare(CallCursor.Of(row), behind) > 0)
            && (query.Headers.Count == 0 || HasHeaders(call, query.Headers));
    }

    private static bool HasHeaders(CallHistory call, IReadOnlyList<HeaderCondition> conditions)
    {
        var headers = PastCallReader.Read(call).Started.Headers;
        return conditions.All(c => headers.Any(h => h.Value == c.Value && c.Names.Contains(h.Name, StringComparer.OrdinalIgnoreCase)));
    }

    private static bool Is(string? wanted, string? value) => wanted is null || wanted == value;

    private static bool Begins(string? wanted, string value) => wanted is null || value.StartsWith(wanted, StringComparison.Ordinal);

    // As the databases sort: ids by their text.
    private static int Compare(CallCursor a, CallCursor b)
    {
        int byTime = a.StartedAt.CompareTo(b.StartedAt);
        return byTime != 0 ? byTime : string.CompareOrdinal(a.CallId.ToString(), b.CallId.ToString());
    }
}
