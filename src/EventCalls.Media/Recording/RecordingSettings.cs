namespace EventCalls.Media.Recording;

/// <summary>How a process records.</summary>
internal sealed record RecordingSettings(string Folder)
{
    /// <summary>What a recording's name ends with while it is written.</summary>
    public const string Unfinished = ".part";

    /// <summary>The paths within the folder.</summary>
    public required RecordingPath Path { get; init; }

    /// <summary>What recordings are written as.</summary>
    public RecordingFormat Format { get; init; }

    /// <summary>Encrypts with this key; null writes in the clear.</summary>
    public RecordingKey? Key { get; init; }

    /// <summary>How late a packet may come and still get its place, ms (40–400).</summary>
    public int WindowMilliseconds { get; init; } = 200;

    /// <summary>How much is kept of each side while the disk is slow, bytes, a power of two: 64 KiB are 6.5 s of G.711.</summary>
    public int RingBytes { get; init; } = 64 * 1024;

    /// <summary>Opens a new file, which must not be there.</summary>
    public Func<string, Stream> Open { get; init; } = OpenFile;

    /// <summary>What the names of finished recordings end with.</summary>
    public string Ending => (Format == RecordingFormat.Opus ? ".opus" : ".wav") + (Key is null ? "" : EncryptedRecording.Ending);

    // Others may read it meanwhile; the lock that comes with it tells a repair that its writer lives.
    private static FileStream OpenFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return new FileStream(path, options);
    }
}
