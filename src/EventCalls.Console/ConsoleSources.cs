using EventCalls.Contracts;
using EventCalls.Contracts.Findings;
using EventCalls.Store;

namespace EventCalls.Console;

/// <summary>What the console shows and acts on: the process around it gives what it has.</summary>
public sealed record ConsoleSources
{
    /// <summary>The recorded calls; whoever gives it also closes it, after the console.</summary>
    public required ICallStore Store { get; init; }

    /// <summary>How the process is.</summary>
    public required Func<CancellationToken, Task<HealthReport>> Health { get; init; }

    /// <summary>The way to the owners of calls; null when this process has none.</summary>
    public ICallCommands? Commands { get; init; }
}
