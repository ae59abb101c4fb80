using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders;

/// <summary>A version that a decider is loading.</summary>
internal sealed class PendingLoad(IReadOnlyList<LogicSource> sources, CompiledLogic? logic, string version)
{
    public IReadOnlyList<LogicSource> Sources { get; } = sources;

    /// <summary>What is loaded; null when it is compiled there.</summary>
    public CompiledLogic? Logic { get; } = logic;

    /// <summary>Its number in the process.</summary>
    public int Number { get; set; }

    public TaskCompletionSource<LogicCheck> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The process died of it.</summary>
    public LogicCheck Died(string how) => new()
    {
        Version = version,
        Diagnostics =
        [
            new LogicDiagnostic("", 0, 0, "EC0013", $"Compiling the sources, or running what initializes their static fields, ended the process it was tried in: {how}."),
        ],
    };
}
