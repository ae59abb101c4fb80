using EventCalls.Contracts;

namespace EventCalls.Store.Steering;

/// <summary>What operators set for routing logic, and what it was before; a role of the store. What was kept is never changed or deleted.</summary>
/// <remarks>Safe from any thread and any number of processes. Every member throws <see cref="StoreUnreachableException"/> when the store cannot be used now.</remarks>
public interface IValueRecord : IOperatorValues
{
    /// <summary>Keeps a change, if its number is the one behind the last: else somebody else was faster, and nothing is done.</summary>
    /// <returns>Whether it was kept.</returns>
    Task<bool> TryChangeValueAsync(ValueChange change, CancellationToken cancellationToken);

    /// <summary>The changes, the newest first.</summary>
    /// <param name="name">Of this value only; null for all.</param>
    /// <param name="limit">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<ValueChange>> ListValueChangesAsync(string? name, int limit, CancellationToken cancellationToken);
}
