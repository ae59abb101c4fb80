namespace EventCalls.Host.Commands;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The thing asked about is not so.</summary>
    public const int NotSo = 1;

    /// <summary>Bad usage or configuration.</summary>
    public const int BadUsage = 2;

    /// <summary>Something needed is unreachable.</summary>
    public const int Unreachable = 3;

    /// <summary>Stopped by Ctrl-C, as a shell counts it: 128 and the number of SIGINT.</summary>
    public const int Interrupted = 130;
}
