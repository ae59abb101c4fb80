using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciding;

/// <summary>Where routing logic is compiled and run: in this process, or in processes of its own.</summary>
public interface ILogicRunner : ILogicCompiler, IAsyncDisposable
{
    /// <summary>Takes a decision. Never fails for what the logic does.</summary>
    Task<DecisionResult> RunAsync(CompiledLogic logic, DecisionRequest request, DecideOptions options);

    /// <summary>This version decides from now on: what is started later has it ready.</summary>
    Task UseAsync(CompiledLogic logic, CancellationToken cancellationToken);

    /// <summary>This version decides a share of the calls beside it from now on, until it is forgotten: what is started later has it ready too.</summary>
    Task UseBesideAsync(CompiledLogic logic, CancellationToken cancellationToken) => Task.CompletedTask;
}
