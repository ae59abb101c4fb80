using EventCalls.Contracts;

namespace EventCalls.Store.Tests.Recording;

/// <summary>A store whose writes a test can watch, hold up, and make fail.</summary>
internal sealed class GatedStore(ICallStore inner) : ICallStore
{
    private int _appends;

    /// <summary>Called before each write with the events of an append (empty for others).</summary>
    public Func<IReadOnlyList<EventToAppend>, Task> Before { get; set; } = _ => Task.CompletedTask;

    public int Appends => _appends;

    public Task<IReadOnlyList<string>> CheckSchemaAsync(CancellationToken cancellationToken) => inner.CheckSchemaAsync(cancellationToken);

    public string CreationScript() => inner.CreationScript();

    public Task<string?> UpdateScriptAsync(CancellationToken cancellationToken) => inner.UpdateScriptAsync(cancellationToken);

    public Task<long> LastPositionAsync(CancellationToken cancellationToken) => inner.LastPositionAsync(cancellationToken);

    public string Description => inner.Description;

    public static StoreUnreachableException Down => new("the store", "it is down", "Wait.");

    public async Task<AppendResult> AppendAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _appends);
        await Before(events).WaitAsync(cancellationToken);
        return await inner.AppendAsync(events, cancellationToken);
    }

    public async Task SaveLogicVersionAsync(LogicVersionLoaded version, CancellationToken cancellationToken)
    {
        await Before([]).WaitAsync(cancellationToken);
        await inner.SaveLogicVersionAsync(version, cancellationToken);
    }

    public async Task SaveHeartbeatAsync(NodeHeartbeat heartbeat, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        await Before([]).WaitAsync(cancellationToken);
        await inner.SaveHeartbeatAsync(heartbeat, receivedAt, cancellationToken);
    }

    public Task SaveLostAsync(string node, LostRun run, CancellationToken cancellationToken) => inner.SaveLostAsync(node, run, cancellationToken);

    public async Task<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken)
    {
        await Before([]).WaitAsync(cancellationToken);
        return await inner.ListNodesAsync(cancellationToken);
    }

    public Task MigrateAsync(CancellationToken cancellationToken) => inner.MigrateAsync(cancellationToken);

    public Task<IReadOnlyList<string>> FindDamageAsync(CancellationToken cancellationToken) => inner.FindDamageAsync(cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(Guid callId, CancellationToken cancellationToken) => inner.ReadStreamAsync(callId, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadAllAsync(EventRange range, CancellationToken cancellationToken) => inner.ReadAllAsync(range, cancellationToken);

    public IAsyncEnumerable<CallHistory> ReadCallsAsync(CallQuery query, CancellationToken cancellationToken) => inner.ReadCallsAsync(query, cancellationToken);

    public Task<CallRow?> FindAsync(string idOrSipCallId, CancellationToken cancellationToken) => inner.FindAsync(idOrSipCallId, cancellationToken);

    public Task<IReadOnlyList<CallRow>> SearchAsync(CallQuery query, CancellationToken cancellationToken) => inner.SearchAsync(query, cancellationToken);

    public Task<long> CountAsync(CallQuery query, CancellationToken cancellationToken) => inner.CountAsync(query, cancellationToken);

    public Task<IReadOnlyList<string>> ListLogicVersionsAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListLogicVersionsAsync(prefix, cancellationToken);

    public Task<IReadOnlyList<CallRow>> OpenCallsOfAsync(string node, DateTimeOffset startedBefore, CancellationToken cancellationToken) =>
        inner.OpenCallsOfAsync(node, startedBefore, cancellationToken);

    public Task<IReadOnlyList<LateEvent>> ReadLateEventsAsync(Guid callId, CancellationToken cancellationToken) => inner.ReadLateEventsAsync(callId, cancellationToken);

    public Task<long> RebuildProjectionAsync(CancellationToken cancellationToken) => inner.RebuildProjectionAsync(cancellationToken);

    public Task<LogicVersionLoaded?> FindLogicVersionAsync(string version, CancellationToken cancellationToken) => inner.FindLogicVersionAsync(version, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
