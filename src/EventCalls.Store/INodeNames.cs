namespace EventCalls.Store;

/// <summary>A store that lets one process at a time have a node's name.</summary>
public interface INodeNames
{
    /// <summary>Takes the name, until the result is disposed of or this process ends; null while another process has it.</summary>
    /// <exception cref="StoreUnreachableException">The store cannot be asked now.</exception>
    Task<IHeldName?> TryHoldAsync(string node, CancellationToken cancellationToken);
}

/// <summary>A node's name that this process has.</summary>
public interface IHeldName : IAsyncDisposable
{
    /// <summary>Completes when the name was lost, with the connection to the store for instance; never fails.</summary>
    Task Lost { get; }
}
