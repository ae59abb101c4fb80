namespace EventCalls.Contracts;

/// <summary>Where routers read what they are to decide by. Every member throws while that cannot be read; trying again later is always safe.</summary>
public interface IActivatedLogic
{
    /// <summary>What is decided by now; null when nothing was ever activated.</summary>
    Task<LogicActivation?> LastActivationAsync(CancellationToken cancellationToken);

    /// <summary>The last record of how a version proves itself; null when there is none.</summary>
    Task<ProofRecord?> LastProofAsync(ProofKind kind, CancellationToken cancellationToken);

    /// <summary>A version of routing logic by its content hash; null when it is not known.</summary>
    Task<LogicVersionLoaded?> FindLogicVersionAsync(string version, CancellationToken cancellationToken);
}
