using EventCalls.Contracts;

namespace EventCalls.Store.Steering;

/// <summary>What the routers of a cluster decide by, and who brought each version; a role of the store.</summary>
/// <remarks>Safe from any thread and any number of processes. Every member throws <see cref="StoreUnreachableException"/> when the store cannot be used now.</remarks>
public interface ILogicSteering : IActivatedLogic
{
    /// <summary>The records of what was decided by, the newest first.</summary>
    Task<IReadOnlyList<LogicActivation>> ListActivationsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>One record by its number; null when there is none.</summary>
    Task<LogicActivation?> FindActivationAsync(long number, CancellationToken cancellationToken);

    /// <summary>Keeps a record, if its number is the one behind the last: else somebody else was faster, and nothing is done.</summary>
    /// <returns>Whether it was kept.</returns>
    Task<bool> TryActivateAsync(LogicActivation activation, CancellationToken cancellationToken);

    /// <summary>The records of how versions proved themselves, the newest first.</summary>
    Task<IReadOnlyList<ProofRecord>> ListProofsAsync(ProofKind kind, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps such a record, if its number is the one behind the last of its kind: else somebody else was faster, and nothing is done.</summary>
    /// <returns>Whether it was kept.</returns>
    Task<bool> TryKeepProofAsync(ProofRecord record, CancellationToken cancellationToken);

    /// <summary>Keeps that somebody brought or loaded a version: since when, and when last.</summary>
    Task SaveArrivalAsync(LogicArrival arrival, CancellationToken cancellationToken);

    /// <summary>Who brought and who loaded versions, by version and time.</summary>
    Task<IReadOnlyList<LogicArrival>> ListArrivalsAsync(CancellationToken cancellationToken);
}

/// <summary>That a version of routing logic came to the store.</summary>
/// <param name="Version">Its content hash.</param>
/// <param name="Uploaded">Whether somebody brought it over the API; else a process loaded it.</param>
/// <param name="Who">Who brought it, or the node of the process that loaded it.</param>
/// <param name="FirstAt">When for the first time, UTC.</param>
/// <param name="LastAt">When last, UTC.</param>
public sealed record LogicArrival(string Version, bool Uploaded, string Who, DateTimeOffset FirstAt, DateTimeOffset LastAt);
