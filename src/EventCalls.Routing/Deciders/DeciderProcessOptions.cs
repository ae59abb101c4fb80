namespace EventCalls.Routing.Deciders;

/// <summary>How one decider is started.</summary>
public sealed record DeciderProcessOptions
{
    /// <summary>The program.</summary>
    public required DeciderCommand Command { get; init; }

    /// <summary>How large its heap may grow, MB, over 0; what needs more ends it.</summary>
    public int MemoryMb { get; init; } = 256;

    /// <summary>How long over its time limit a decision may be before its process is killed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long it may take to start.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes of requests go out in one write, at most; of two such writes the answers are waited for before the next.</summary>
    public int BatchBytes { get; init; } = 24 * 1024;

    /// <summary>Its working folder; null for the root of the file system.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Environment variables that it gets besides those that a program cannot do without: a time zone, a locale, settings of the runtime.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
