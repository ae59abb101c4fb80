namespace EventCalls.Store.Spooling;

/// <summary>Where the spool lies and how much it takes.</summary>
public sealed record SpoolOptions
{
    /// <summary>Where events wait for the store when there is no broker, and for the broker while it is away (<c>Routing:WhenBusIsAway</c>), a folder; made when it is not there. One process at a time uses it.</summary>
    public required string Folder { get; init; }

    /// <summary>How many megabytes may be owed before new calls are refused; what open calls still bring is taken above it too.</summary>
    public int MaxMb { get; init; } = 1024;

    /// <summary>The same in bytes.</summary>
    public long MaxBytes { get => field > 0 ? field : MaxMb * 1024L * 1024; init; }

    /// <summary>A file takes no further record when it has this many bytes, 4,096 and more; on a small disk a file is smaller.</summary>
    public int SegmentBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Whether a record is on the disk itself before it counts as taken, so that it survives a power failure; otherwise it survives the end of the process.</summary>
    public bool FlushToDisk { get; init; }
}
