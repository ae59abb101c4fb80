using System.Collections.Concurrent;

namespace EventCalls.Sip.Resolving;

/// <summary>Which servers have failed lately, or are down: they are tried last. The time is told, in milliseconds. Safe from any thread.</summary>
public sealed class ServerStates
{
    /// <summary>How long a server that failed is tried last, milliseconds, where it does not say itself when it is to be asked again.</summary>
    public const int FailedMs = 30_000;

    private const int LongestFailedMs = 3_600_000;
    private const int MostKept = 4_096;

    private readonly ConcurrentDictionary<ServerAddress, (long At, bool IsAsked)> _failedUntil = new();
    private readonly ConcurrentDictionary<ServerAddress, bool> _down = new();
    private volatile bool _isAny;

    /// <summary>Whether anything is known of any server at all: mostly not, and then nothing need be looked up.</summary>
    public bool IsAny => _isAny;

    /// <summary>A request to the server failed; it is tried last for a while.</summary>
    /// <param name="server">The server.</param>
    /// <param name="now">The time.</param>
    /// <param name="forMs">For how long it says that it is not to be asked (Retry-After, RFC 3261 §21.5.4), up to an hour; null when it says nothing.</param>
    public void Failed(ServerAddress server, long now, long? forMs = null)
    {
        if (_failedUntil.Count >= MostKept)
            _failedUntil.Clear();
        _failedUntil[server] = (now + Math.Min(forMs ?? FailedMs, LongestFailedMs), forMs is not null);
        _isAny = true;
    }

    /// <summary>The server has answered a request: it is tried in its turn again, unless it asked for a time without any.</summary>
    public void Answered(ServerAddress server)
    {
        if (_isAny && _failedUntil.TryGetValue(server, out var until) && !until.IsAsked && _failedUntil.TryRemove(KeyValuePair.Create(server, until)))
            Look();
    }

    /// <summary>The server is up or down, as is known by asking it regularly.</summary>
    public void Set(ServerAddress server, bool isDown)
    {
        if (isDown)
            _isAny = _down[server] = true;
        else if (_down.TryRemove(server, out _))
            Look();
    }

    /// <summary>Whether the server is tried last.</summary>
    public bool IsSetBack(ServerAddress server, long now)
    {
        if (!_isAny)
            return false;
        if (_down.ContainsKey(server))
            return true;
        if (!_failedUntil.TryGetValue(server, out var until))
            return false;
        if (now < until.At)
            return true;
        _failedUntil.TryRemove(KeyValuePair.Create(server, until));
        Look();
        return false;
    }

    /// <summary>The same order, with those that are set back at the end; the list itself when none is.</summary>
    public IReadOnlyList<T> Order<T>(IReadOnlyList<T> servers, Func<T, bool> isSetBack)
    {
        if (!_isAny || servers.Count < 2 || !servers.Any(isSetBack))
            return servers;
        return [.. servers.OrderBy(isSetBack)];
    }

    // What is added meanwhile sets it again.
    private void Look()
    {
        _isAny = false;
        Interlocked.MemoryBarrier();
        if (!_failedUntil.IsEmpty || !_down.IsEmpty)
            _isAny = true;
    }
}
