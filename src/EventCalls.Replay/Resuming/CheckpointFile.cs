namespace EventCalls.Replay.Resuming;

/// <summary>The file that keeps how far a replay came; replaced as a whole, so that a crash leaves the one before.</summary>
/// <param name="path">The file.</param>
/// <param name="identity">What is replayed against what.</param>
/// <param name="time">The clock.</param>
public sealed class CheckpointFile(string path, string identity, TimeProvider time)
{
    private static readonly TimeSpan s_atMostEvery = TimeSpan.FromSeconds(5);

    // What is written grows with the report: a checkpoint may take a twentieth of the time.
    private const int PauseFactor = 20;

    private readonly string _path = Path.GetFullPath(path);
    private long _savedAt = time.GetTimestamp();
    private TimeSpan _pause = s_atMostEvery;

    /// <summary>Goes on from the file; zero when there is none yet.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or belongs to another replay.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public TimeSpan Load(ReplayProgressState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!File.Exists(_path))
            return TimeSpan.Zero;
        using var stream = new BufferedStream(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read));
        return state.Load(stream, identity);
    }

    /// <summary>Saves when it is time to.</summary>
    public void SaveNowAndThen(ReplayProgressState state, TimeSpan elapsed)
    {
        if (time.GetElapsedTime(_savedAt) >= _pause)
            Save(state, elapsed);
    }

    /// <summary>Saves now.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(ReplayProgressState state, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(state);
        long began = time.GetTimestamp();
        string partial = _path + ".partial";
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using (var stream = new BufferedStream(file, 1 << 16))
            {
                state.Save(stream, identity, elapsed);
                stream.Flush();
                file.Flush(flushToDisk: true);
            }
        }
        File.Move(partial, _path, overwrite: true);
        _savedAt = time.GetTimestamp();
        var took = time.GetElapsedTime(began, _savedAt) * PauseFactor;
        _pause = took > s_atMostEvery ? took : s_atMostEvery;
    }

    /// <summary>The replay is done: there is nothing to go on from.</summary>
    public void Delete() => File.Delete(_path);
}
