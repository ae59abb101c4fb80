using System.Collections.Frozen;
using EventCalls.Contracts;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Fetching;

/// <summary>Asks the configured sources for what routing logic fetches.</summary>
internal sealed class FetchSources : IDisposable
{
    private readonly FrozenDictionary<string, HttpSource> _sources;

    public FetchSources(IEnumerable<FetchSource> sources, TimeProvider time) =>
        _sources = sources.ToFrozenDictionary(s => FetchNames.Of(s.Name), s => new HttpSource(s, time), StringComparer.Ordinal);

    /// <summary>Asks; what goes wrong is in the answer.</summary>
    /// <param name="lookup">The source, as the look-up is named.</param>
    /// <param name="key">The key.</param>
    /// <param name="left">How long the decision can wait.</param>
    /// <param name="cancellationToken">The decision is wanted no more.</param>
    public Task<FetchAnswer> FetchAsync(string lookup, string key, TimeSpan left, CancellationToken cancellationToken) => _sources[lookup].FetchAsync(key, left, cancellationToken);

    public void Dispose()
    {
        foreach (var source in _sources.Values)
            source.Dispose();
    }
}
