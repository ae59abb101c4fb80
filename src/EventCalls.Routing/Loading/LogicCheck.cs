namespace EventCalls.Routing.Loading;

/// <summary>What compiling a folder of routing logic found.</summary>
public sealed record LogicCheck
{
    /// <summary>The content hash, <c>sha256:</c> and 64 hex digits; <c>none</c> when there were no sources.</summary>
    public required string Version { get; init; }

    /// <summary>The names of the flows, sorted.</summary>
    public IReadOnlyList<string> Flows { get; init; } = [];

    /// <summary>What is wrong; empty when the logic can be used.</summary>
    public IReadOnlyList<LogicDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>The logic, ready to decide; null when something is wrong. Whoever asked for it disposes it.</summary>
    public CompiledLogic? Logic { get; init; }

    /// <summary>Whether the logic can be used.</summary>
    public bool Ok => Logic is not null;
}
