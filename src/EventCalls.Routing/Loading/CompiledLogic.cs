using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Loading;

/// <summary>One version of routing logic, compiled and ready to decide; safe from any thread.</summary>
/// <remarks>Disposing lets its code be unloaded once no decision of it runs any more.</remarks>
public sealed class CompiledLogic : IDisposable
{
    private readonly AssemblyLoadContext _context;

    internal CompiledLogic(string version, IReadOnlyList<LogicSource> sources, AssemblyLoadContext context, Assembly assembly, LogicEntry entry)
    {
        _context = context;
        Version = version;
        Sources = sources;
        Assembly = assembly;
        Name = entry.Name;
        Create = entry.Create;
        Start = entry.Start;
        TransferFailed = entry.TransferFailed;
        ReferRequested = entry.ReferRequested;
        DecidesRefers = entry.ReferRequested.File.Length > 0;
        FlowMethods = entry.Flows;
        Flows = [.. entry.Flows.Keys.Order(StringComparer.Ordinal)];
        StateJson = StateTimes.Options();
    }

    /// <summary>The content hash, <c>sha256:</c> and 64 hex digits.</summary>
    public string Version { get; }

    /// <summary>The source files, sorted by path.</summary>
    public IReadOnlyList<LogicSource> Sources { get; }

    /// <summary>The names of the flows, sorted.</summary>
    public IReadOnlyList<string> Flows { get; }

    /// <summary>The name of the class that decides.</summary>
    public string Name { get; }

    internal Assembly Assembly { get; }

    internal Func<RoutingLogic> Create { get; }

    internal LogicMethod Start { get; }

    internal LogicMethod TransferFailed { get; }

    internal LogicMethod ReferRequested { get; }

    /// <summary>Whether the logic has a <see cref="RoutingLogic.ReferRequested"/> of its own; otherwise the policy alone decides.</summary>
    internal bool DecidesRefers { get; }

    internal FrozenDictionary<string, LogicMethod> FlowMethods { get; }

    internal JsonSerializerOptions StateJson { get; }

    internal LogicHealth Health { get; } = new();

    /// <summary>The method that a question is put to.</summary>
    internal LogicMethod EntryOf(DecisionRequest request) =>
        request.Refer is not null ? ReferRequested : request.Failed is not null ? TransferFailed : Start;

    /// <inheritdoc/>
    public void Dispose() => _context.Unload();
}
