using EventCalls.Contracts;

namespace EventCalls.Routing.Loading;

/// <summary>Where a folder's sources are compiled: where decisions are taken, in this process or in others.</summary>
public interface ILogicCompiler
{
    /// <summary>Compiles sources, loads and initializes them where decisions are taken, and says what is wrong with them.</summary>
    Task<LogicCheck> CompileAsync(IReadOnlyList<LogicSource> sources, CancellationToken cancellationToken);

    /// <summary>A version decides no more.</summary>
    void Forget(CompiledLogic logic);
}
