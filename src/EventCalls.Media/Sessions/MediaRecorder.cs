using EventCalls.Media.Recording;

namespace EventCalls.Media.Sessions;

/// <summary>Writes the recordings of a node's calls, on a thread of its own.</summary>
public sealed class MediaRecorder : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Lazy<RecordingThread> _thread;

    /// <summary>A recorder; its thread begins with the first recording.</summary>
    /// <param name="folder">The folder of the recordings.</param>
    /// <param name="path">Their paths within it, such as <c>{date:yyyy/MM/dd}/{call}</c>.</param>
    /// <param name="isOpus">Whether they are written as Ogg/Opus; else as WAV.</param>
    /// <param name="key">The key that encrypts them; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FormatException">The path is no pattern; the message says why.</exception>
    public MediaRecorder(string folder, string path, bool isOpus, string? key, TimeProvider time)
    {
        _time = time;
        var pattern = RecordingPath.TryParse(path, out string? wrong) ?? throw new FormatException(wrong);
        var settings = new RecordingSettings(folder) { Path = pattern, Format = isOpus ? RecordingFormat.Opus : RecordingFormat.Wav, Key = key is { Length: > 0 } ? RecordingKey.TryParse(key, out _) : null };
        _thread = new Lazy<RecordingThread>(() => new RecordingThread(settings, time));
    }

    /// <summary>Why a text is no key; null when it is one, or none is given.</summary>
    public static string? WhyNotKey(string? key)
    {
        string? wrong = null;
        return key is { Length: > 0 } && RecordingKey.TryParse(key, out wrong) is null ? wrong : null;
    }

    /// <summary>Makes recordings whole that a process left that was ended; where they are, and why one could not be mended.</summary>
    public static IReadOnlyList<(string Location, string? Error)> Repair(string folder, string? key) =>
        [.. RecordingFolder.Repair(folder, key is { Length: > 0 } && RecordingKey.TryParse(key, out _) is { } known ? [known] : []).Select(r => (r.Location, r.Error))];

    /// <summary>Deletes the recordings last written to before a time; how many.</summary>
    public static int Expire(string folder, DateTimeOffset before) => RecordingFolder.Expire(folder, before);

    /// <summary>Begins a recording now.</summary>
    /// <param name="call">The call's id.</param>
    /// <param name="startedAt">When the call began, UTC.</param>
    /// <param name="caller">Who called.</param>
    /// <param name="callee">Who was called.</param>
    /// <param name="trunk">The trunk of the call.</param>
    /// <param name="flow">The flow of the call.</param>
    public MediaRecording Begin(string call, DateTimeOffset startedAt, string caller, string callee, string trunk, string flow)
    {
        var details = new RecordingDetails(call, startedAt) { Caller = caller, Callee = callee, Trunk = trunk, Flow = flow };
        return new MediaRecording(_thread.Value.Writer.Begin(details, Now), _time.GetUtcNow(), () => Now);
    }

    /// <summary>Ends all recordings, and waits until they are stored.</summary>
    public void Dispose()
    {
        if (_thread.IsValueCreated)
            _thread.Value.Dispose();
    }

    private long Now => RecordingThread.Microseconds(_time);
}
