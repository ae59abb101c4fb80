namespace EventCalls.Routing.Deciders;

/// <summary>How many deciders there are, and how they are started.</summary>
public sealed record DeciderPoolOptions
{
    /// <summary>What a compiler of any logic does with, MB.</summary>
    public const int DefaultCompilerMemoryMb = 1024;

    /// <summary>How a decider is started.</summary>
    public required DeciderProcessOptions Process { get; init; }

    /// <summary>How many decide at once, over 0.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How many more are kept ready for when one dies.</summary>
    public int Spares { get; init; } = 1;

    /// <summary>How long one may be at a decision before new ones go to another.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether logic that overran again and again is left out for a while: where calls wait.</summary>
    public bool IsImpatient { get; init; } = true;

    /// <summary>The least memory of the process that compiles, MB.</summary>
    public int CompilerMemoryMb { get; init; } = DefaultCompilerMemoryMb;
}
