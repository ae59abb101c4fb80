using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciding;

/// <summary>Where routing logic is compiled and run: in this process, or in processes of its own.</summary>
public interface ILogicRunner : ILogicCompiler, IAsyncDisposable
{
    /// <summary>Takes a decision. Never fails for what the logic does.</summary>
    Task<DecisionResult> RunAsync(CompiledLogic logic, DecisionRequest request, DecideOptions options);

    /// <summary>This version decides from now on: what is started later has it ready.</summary>
    Task UseAsync(CompiledLogic logic, CancellationToken cancellationToken);
}
