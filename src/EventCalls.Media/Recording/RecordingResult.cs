namespace EventCalls.Media.Recording;

/// <summary>How a recording ended.</summary>
internal abstract record RecordingResult
{
    /// <summary>How much of the call it holds.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>It is stored.</summary>
internal sealed record RecordingStored(string Location, long Bytes) : RecordingResult
{
    /// <summary>Its channels: the caller left, the target right.</summary>
    public int Channels { get; init; } = 2;

    /// <summary>Where it was paused and holds silence, from its begin.</summary>
    public IReadOnlyList<RecordingPause> Pauses { get; init; } = [];

    /// <summary>Packets that were dropped because the disk did not keep up.</summary>
    public long Dropped { get; init; }

    /// <summary>Packets that came too late for their place.</summary>
    public long Late { get; init; }

    /// <summary>Packets that were no audio of their codec.</summary>
    public long Undecodable { get; init; }

    /// <summary>Whether it is encrypted.</summary>
    public bool Encrypted { get; init; }
}

/// <summary>It failed; the call did not.</summary>
/// <param name="Reason">What failed.</param>
/// <param name="Message">What the operating system says, with the path.</param>
/// <param name="Location">What is there so far, which is readable; null when nothing is.</param>
/// <param name="Bytes">How much that is.</param>
internal sealed record RecordingFailed(RecordingFailure Reason, string Message, string? Location, long Bytes) : RecordingResult;

/// <summary>It was discarded; nothing is left of it.</summary>
internal sealed record RecordingDiscarded : RecordingResult;

/// <summary>A part that was not recorded.</summary>
internal readonly record struct RecordingPause(TimeSpan From, TimeSpan To);

/// <summary>Why a recording failed.</summary>
internal enum RecordingFailure
{
    /// <summary>The disk is full, or a quota is.</summary>
    DiskFull,

    /// <summary>The folder may not be written to.</summary>
    NotPermitted,

    /// <summary>The disk cannot be read or written.</summary>
    DiskError,

    /// <summary>Something else, which is a fault of the program.</summary>
    Fault,
}
