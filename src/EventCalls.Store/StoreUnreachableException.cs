namespace EventCalls.Store;

/// <summary>The event store cannot be used now: it is not there, refuses us, or lost the connection. Trying again later is safe.</summary>
/// <param name="store">The store, as <see cref="IPastCalls.Description"/> names it.</param>
/// <param name="reason">What happened.</param>
/// <param name="advice">What to do, one sentence.</param>
/// <param name="inner">The driver's exception.</param>
public sealed class StoreUnreachableException(string store, string reason, string advice, Exception? inner = null)
    : Exception($"The event store, {store}, cannot be used: {reason.TrimEnd('.')}. {advice}", inner)
{
    /// <summary>The store, as <see cref="IPastCalls.Description"/> names it.</summary>
    public string Store { get; } = store;

    /// <summary>Whether the store is there and only its tables are not, which the service makes when it starts.</summary>
    public bool HasNoTables { get; init; }
}
