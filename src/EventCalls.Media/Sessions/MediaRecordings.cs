using EventCalls.Media.Recording;

namespace EventCalls.Media.Sessions;

/// <summary>The recordings in a folder, to be heard and deleted by what events say of where they are. Nothing outside of the folder is touched, whatever an event says.</summary>
public sealed class MediaRecordings
{
    private readonly string _folder;
    private readonly RecordingKey[] _keys;

    /// <summary>Those of a folder.</summary>
    /// <param name="folder">The folder of the recordings.</param>
    /// <param name="key">The key that encrypted them; null for none.</param>
    public MediaRecordings(string folder, string? key)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _keys = key is { Length: > 0 } && RecordingKey.TryParse(key, out _) is { } known ? [known] : [];
    }

    /// <summary>Whether a recording is in the folder; <see cref="RecordingAccess.Readable"/> says nothing of its key.</summary>
    public RecordingAccess Find(string location) => PathOf(location) is not { } path ? RecordingAccess.Outside : IsThere(path) ? RecordingAccess.Readable : RecordingAccess.Missing;

    /// <summary>Opens a recording in the clear.</summary>
    /// <param name="location">Where it is, as its event says.</param>
    /// <param name="why">What to do, in words, for one that is unreadable.</param>
    /// <param name="access">Why it could not be opened.</param>
    /// <returns>What can be read from anywhere in it, to dispose of; null when it cannot be opened.</returns>
    public Stream? Open(string location, out RecordingAccess access, out string? why)
    {
        why = null;
        access = Find(location);
        if (access != RecordingAccess.Readable)
            return null;
        string path = PathOf(location)!;
        Stream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return path.EndsWith(EncryptedRecording.Ending, StringComparison.Ordinal) ? new DecryptedRecording(file, Path.GetFileName(path), _keys) : file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            access = RecordingAccess.Missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RecordingUnreadableException)
        {
            file?.Dispose();
            (access, why) = (RecordingAccess.Unreadable, e.Message);
        }
        return null;
    }

    /// <summary>Whether a recording is Ogg/Opus, by its name; else it is WAV.</summary>
    public static bool IsOpus(string location) => location.EndsWith(".opus", StringComparison.Ordinal) || location.EndsWith(".opus" + EncryptedRecording.Ending, StringComparison.Ordinal);

    /// <summary>The greatest magnitude of the caller's and of the target's side, 0–255, in so many parts of equal length, or fewer; null when the recording is broken.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static IReadOnlyList<byte[]>? Peaks(Stream audio, bool isOpus, int parts, CancellationToken cancellationToken)
    {
        try
        {
            return RecordingPeaks.Of(audio, isOpus, parts, cancellationToken);
        }
#pragma warning disable CA1031 // The library answers bytes that are no Opus with exceptions of many types.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>Deletes a recording, and folders that are empty with that; null when it is gone, also when it was before, and why not in words.</summary>
    public string? Delete(string location, out RecordingAccess access)
    {
        access = Find(location);
        if (access == RecordingAccess.Outside)
            return $"it is not in the folder of recordings, '{_folder}'";
        if (access == RecordingAccess.Missing)
            return null;
        string path = PathOf(location)!;
        try
        {
            File.Delete(path);
            RecordingFolder.DeleteEmpty(Path.GetDirectoryName(path)!, _folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!IsThere(path))
                return null;
            access = RecordingAccess.Unreadable;
            return e.Message;
        }
    }

    // A link would lead elsewhere.
    private static bool IsThere(string path) => new FileInfo(path) is { Exists: true, LinkTarget: null };

    private string? PathOf(string location)
    {
        if (!Path.IsPathFullyQualified(location) || location.Contains('\0', StringComparison.Ordinal) || !RecordingFolder.IsOurs(location))
            return null;
        string path = Path.GetFullPath(location);
        return path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }
}

/// <summary>Whether a recording can be read.</summary>
public enum RecordingAccess
{
    /// <summary>It can.</summary>
    Readable,

    /// <summary>It is not there: it is on another node, or was deleted.</summary>
    Missing,

    /// <summary>It is said to be elsewhere than in the folder of recordings.</summary>
    Outside,

    /// <summary>It is there and cannot be read: its key is not here, or it was changed.</summary>
    Unreadable,
}
