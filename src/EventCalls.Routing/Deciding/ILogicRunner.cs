using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciding;

/// <summary>Where routing logic is compiled and run: in this process, or in processes of its own.</summary>
public interface ILogicRunner : IAsyncDisposable
{
    /// <summary>Compiles sources, loads and initializes them where decisions are taken, and says what is wrong with them.</summary>
    Task<LogicCheck> CompileAsync(IReadOnlyList<LogicSource> sources, CancellationToken cancellationToken);

    /// <summary>Takes a decision. Never fails for what the logic does.</summary>
    Task<DecisionResult> RunAsync(CompiledLogic logic, DecisionRequest request, DecideOptions options);

    /// <summary>This version decides from now on: what is started later has it ready.</summary>
    Task UseAsync(CompiledLogic logic, CancellationToken cancellationToken);

    /// <summary>A version decides no more.</summary>
    void Forget(CompiledLogic logic);
}
