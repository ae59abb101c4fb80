using System.Collections.Concurrent;
using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Console.Logic;

/// <summary>The versions of routing logic that were ever used. A version never changes, so each is read from the store once.</summary>
/// <param name="store">Where they are.</param>
internal sealed class LogicVersions(ICallStore store)
{
    private const int MostActivations = 100;

    private readonly ConcurrentDictionary<string, LogicVersionLoaded> _known = new(StringComparer.Ordinal);

    /// <summary>One of them, by its whole name; null when it was never used.</summary>
    public async Task<LogicVersionLoaded?> FindAsync(string version, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(version, out var known))
            return known;
        return await store.FindLogicVersionAsync(version, cancellationToken).ConfigureAwait(false) is { } loaded ? _known[version] = loaded : null;
    }

    /// <summary>All of them, the newest first.</summary>
    public async Task<IReadOnlyList<LogicVersionLoaded>> AllAsync(CancellationToken cancellationToken)
    {
        var versions = new List<LogicVersionLoaded>();
        foreach (string version in await store.ListLogicVersionsAsync(LogicVersionName.HashPrefix, cancellationToken).ConfigureAwait(false))
        {
            if (await FindAsync(version, cancellationToken).ConfigureAwait(false) is { } loaded)
                versions.Add(loaded);
        }
        return [.. versions.OrderByDescending(v => v.LoadedAt)];
    }

    /// <summary>What was activated and rolled back, the newest first.</summary>
    public Task<IReadOnlyList<LogicActivation>> ActivationsAsync(CancellationToken cancellationToken) => ((ILogicSteering)store).ListActivationsAsync(MostActivations, cancellationToken);

    /// <summary>Who brought and who loaded each version.</summary>
    public async Task<ILookup<string, LogicArrival>> ArrivalsAsync(CancellationToken cancellationToken) =>
        (await ((ILogicSteering)store).ListArrivalsAsync(cancellationToken).ConfigureAwait(false)).ToLookup(a => a.Version, StringComparer.Ordinal);
}
