using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>The event store: one stream of events for each call, and the <c>calls</c> projection that is updated in the same transaction.</summary>
/// <remarks>
/// Two implementations pass one conformance suite: PostgreSQL and SQLite. Safe from any thread.
/// Every member throws <see cref="StoreUnreachableException"/> when the store cannot be used now; trying again later is always safe.
/// </remarks>
public interface ICallStore : IPastCalls, IStoreSchema, IAsyncDisposable
{
    /// <summary>Whether calls are found by most headers without looking into each (<see cref="IndexedHeaders"/>).</summary>
    bool HasHeaderIndex => false;

    /// <summary>Creates what is missing in the database, and brings an older version's tables up to date; does nothing where all is there. Safe when several processes do it at once.</summary>
    /// <exception cref="StoreUnreachableException">Something would have to be changed, and <see cref="StoreOptions.SchemaChanges"/> does not allow it; or the store cannot be used.</exception>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Answers when the store can be reached and its tables are there; throws otherwise.</summary>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Looks through everything that is stored for damage, and says what was found, at most a few problems. May take long. PostgreSQL checks its data itself: there nothing is found.</summary>
    Task<IReadOnlyList<string>> FindDamageAsync(CancellationToken cancellationToken);

    /// <summary>Stores events of any number of calls in one transaction: all that can be stored, or nothing when it throws.</summary>
    /// <remarks>
    /// An event id is stored once: a second time it is passed over. An event whose cause is neither in its stream nor earlier in
    /// <paramref name="events"/> is not stored and handed back in <see cref="AppendResult.Waiting"/>. What comes to a stream after its
    /// <see cref="CallEnded"/> is kept beside the stream (<see cref="IPastCalls.ReadLateEventsAsync"/>). Some hundred events a time is fastest.
    /// </remarks>
    /// <exception cref="EventRefusedException">The database does not take an event's data, now or later; nothing of the list was stored.</exception>
    Task<AppendResult> AppendAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken);

    /// <summary>Reads the events of all calls in the order of their positions, up to the last one stored, a page at a time.</summary>
    /// <remarks>No event can appear later below a position that was read: the reader waits for transactions that are still open there.</remarks>
    IAsyncEnumerable<StoredEvent> ReadAllAsync(EventRange range, CancellationToken cancellationToken);

    /// <summary>The position of the last event stored, to go on from; 0 when there is none. No event can appear later below it.</summary>
    Task<long> LastPositionAsync(CancellationToken cancellationToken);

    /// <summary>The calls of a node that have not ended and started before the time given, UTC.</summary>
    Task<IReadOnlyList<CallRow>> OpenCallsOfAsync(string node, DateTimeOffset startedBefore, CancellationToken cancellationToken);

    /// <summary>Makes the <c>calls</c> projection again from the streams while the store is in use; returns the number of calls.</summary>
    Task<long> RebuildProjectionAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a version of routing logic, and which node loaded it; one that is there already stays as it is.</summary>
    Task SaveLogicVersionAsync(LogicVersionLoaded version, CancellationToken cancellationToken);

    /// <summary>Keeps a node's newest heartbeat; an older one only shows that the node was heard of.</summary>
    Task SaveHeartbeatAsync(NodeHeartbeat heartbeat, DateTimeOffset receivedAt, CancellationToken cancellationToken);

    /// <summary>Keeps that a node's run is lost: silent, and its recorder heard everything meanwhile. A node that was heard of since, or runs anew, is left as it is.</summary>
    Task SaveLostAsync(string node, LostRun run, CancellationToken cancellationToken);

    /// <summary>The nodes that ever sent a heartbeat, by name.</summary>
    Task<IReadOnlyList<NodeStatus>> ListNodesAsync(CancellationToken cancellationToken);
}
