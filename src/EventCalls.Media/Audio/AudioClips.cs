using System.Collections.Concurrent;

namespace EventCalls.Media.Audio;

/// <summary>The clips of a process: each file is read once for all calls, and again when it has changed. Any thread may use it.</summary>
internal sealed class AudioClips
{
    private readonly ConcurrentDictionary<(string Path, bool Repeats), Read> _files = [];
    private readonly ConcurrentDictionary<Cadence, AudioClip> _tones = [];

    /// <summary>A prompt (played once) or music (repeated). Reads the file when it is new or has changed: not for a relay's thread.</summary>
    /// <exception cref="AudioFileException">It cannot be used.</exception>
    public AudioClip File(string path, bool repeats)
    {
        string full = Path.GetFullPath(path);
        var info = new FileInfo(full);
        var version = (info.Exists ? info.LastWriteTimeUtc : default, info.Exists ? info.Length : 0);
        if (_files.TryGetValue((full, repeats), out var read) && read.Version == version)
            return read.Clip;
        var clip = new AudioClip(WavFile.Read(path), repeats);
        // Two calls may have read it at the same time: one clip stays, so that its encoded frames are shared.
        return _files.AddOrUpdate((full, repeats), new Read(version, clip), (_, known) => known.Version == version ? known : new Read(version, clip)).Clip;
    }

    /// <summary>A tone, repeated.</summary>
    public AudioClip Tone(Cadence tone) => _tones.GetOrAdd(tone, AudioClip.Of);

    private sealed record Read((DateTime Written, long Length) Version, AudioClip Clip);
}
