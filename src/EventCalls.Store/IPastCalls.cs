using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>Calls that were, to be read: out of an event store, or out of a file.</summary>
public interface IPastCalls
{
    /// <summary>The kind of store and where it is, for people; holds no secrets.</summary>
    string Description { get; }

    /// <summary>Reads one call's events in order; empty when there is no such call.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(Guid callId, CancellationToken cancellationToken);

    /// <summary>Reads the matching calls with their streams, the oldest first, a page at a time.</summary>
    IAsyncEnumerable<CallHistory> ReadCallsAsync(CallQuery query, CancellationToken cancellationToken);

    /// <summary>Finds one call by our call id or by the SIP Call-ID of the caller's leg (the newest call that had it); null when there is none.</summary>
    Task<CallRow?> FindAsync(string idOrSipCallId, CancellationToken cancellationToken);

    /// <summary>Finds calls, the newest first.</summary>
    Task<IReadOnlyList<CallRow>> SearchAsync(CallQuery query, CancellationToken cancellationToken);

    /// <summary>How many calls match; the limit does not count.</summary>
    Task<long> CountAsync(CallQuery query, CancellationToken cancellationToken);

    /// <summary>Events that came to a call after its end, in the order they came.</summary>
    Task<IReadOnlyList<LateEvent>> ReadLateEventsAsync(Guid callId, CancellationToken cancellationToken);

    /// <summary>The content hashes of the versions of routing logic that begin like this, sorted.</summary>
    Task<IReadOnlyList<string>> ListLogicVersionsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>A version of routing logic by its content hash; null when it was never used.</summary>
    Task<LogicVersionLoaded?> FindLogicVersionAsync(string version, CancellationToken cancellationToken);
}
