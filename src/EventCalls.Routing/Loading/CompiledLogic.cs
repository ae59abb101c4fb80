using EventCalls.Contracts;
using EventCalls.Routing.Limits;

namespace EventCalls.Routing.Loading;

/// <summary>One version of routing logic, compiled; safe from any thread.</summary>
/// <remarks>
/// It decides where it is loaded: in this process when it was compiled here, else in the deciders that have been given it.
/// Disposing lets its code be unloaded once no decision of it runs any more.
/// </remarks>
public sealed class CompiledLogic : IDisposable
{
    private readonly LoadedLogic? _loaded;

    internal CompiledLogic(string version, IReadOnlyList<LogicSource> sources, LogicImage image, LoadedLogic? loaded)
    {
        Version = version;
        Sources = sources;
        Image = image;
        _loaded = loaded;
        Flows = [.. image.Outline.Flows.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The content hash, <c>sha256:</c> and 64 hex digits.</summary>
    public string Version { get; }

    /// <summary>The source files, sorted by path.</summary>
    public IReadOnlyList<LogicSource> Sources { get; }

    /// <summary>The names of the flows, sorted.</summary>
    public IReadOnlyList<string> Flows { get; }

    /// <summary>The name of the class that decides.</summary>
    public string Name => Image.Outline.Name;

    /// <summary>Whether it can decide in this process, and not in deciders only.</summary>
    public bool IsLoadedHere => _loaded is not null;

    internal LogicImage Image { get; }

    internal LoadedLogic Loaded =>
        _loaded ?? throw new InvalidOperationException("The logic was compiled by a decider and is not loaded in this process; a decider decides with it.");

    /// <summary>Whether the logic has a <see cref="RoutingLogic.ReferRequested"/> of its own; otherwise the policy alone decides.</summary>
    internal bool DecidesRefers => Image.Outline.ReferRequested.File.Length > 0;

    internal LogicHealth Health { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => _loaded?.Dispose();
}
