namespace EventCalls.Console;

/// <summary>The recordings that lie where a process records. Opens nothing else, whatever it is asked for. Safe from any thread.</summary>
public interface IRecordingFiles
{
    /// <summary>Whether a recording is there; whether it can be read shows when it is opened.</summary>
    /// <param name="location">Where it is, as its event says.</param>
    RecordingPlace Find(string location);

    /// <summary>Opens a recording in the clear; its audio can seek, and is to be disposed of.</summary>
    OpenedRecording Open(string location);

    /// <summary>Whether it is Ogg/Opus; else it is WAV.</summary>
    bool IsOpus(string location);

    /// <summary>The greatest magnitude of the caller's and of the target's side, 0–255, in so many parts of equal length, or fewer; null when it is no recording.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    IReadOnlyList<byte[]>? Peaks(Stream audio, bool isOpus, int parts, CancellationToken cancellationToken);
}

/// <summary>A recording that was to be opened.</summary>
/// <param name="Place">Whether it could be.</param>
/// <param name="Audio">What is in it; null when it could not.</param>
/// <param name="Why">What to do about one that is unreadable, in words.</param>
public sealed record OpenedRecording(RecordingPlace Place, Stream? Audio, string? Why);

/// <summary>Where a recording is, as this process sees it.</summary>
public enum RecordingPlace
{
    /// <summary>Here.</summary>
    Here,

    /// <summary>Not here: on another node, or deleted.</summary>
    Missing,

    /// <summary>Outside of the folder of recordings: it is not looked for there.</summary>
    Outside,

    /// <summary>Here, and not readable: its key is not here, or it was changed.</summary>
    Unreadable,
}
