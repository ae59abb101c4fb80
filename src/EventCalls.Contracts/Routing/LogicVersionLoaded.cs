namespace EventCalls.Contracts;

/// <summary>A version of routing logic is about to be used; the recorder keeps its sources so that any decision can be repeated. Not an event of a stream.</summary>
public sealed record LogicVersionLoaded
{
    /// <summary>Content hash, <c>sha256:</c> and 64 hex digits.</summary>
    public required string Version { get; init; }

    /// <summary>The source files, sorted by path.</summary>
    public required IReadOnlyList<LogicSource> Sources { get; init; }

    /// <summary>When it was loaded, UTC.</summary>
    public required DateTimeOffset LoadedAt { get; init; }

    /// <summary>The node of the process that loaded it; null where nobody loaded it, or an older version of EventCalls did.</summary>
    public string? Node { get; init; }
}
