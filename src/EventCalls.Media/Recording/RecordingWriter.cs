using System.Collections.Concurrent;

namespace EventCalls.Media.Recording;

/// <summary>Writes all recordings of a process. Any thread may begin one; <see cref="Pass"/> is for one thread at a time, ten times a second or so.</summary>
internal sealed class RecordingWriter(RecordingSettings settings, Action wake)
{
    private readonly ConcurrentQueue<CallRecording> _begun = new();
    private readonly List<(CallRecording Recording, RecordedCall Call)> _active = [];
    private int _count;

    /// <summary>Recordings that are being written.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Begins a recording at a time, µs; its file is made by the next pass. What it is of names its path.</summary>
    public CallRecording Begin(RecordingDetails details, long now)
    {
        var recording = new CallRecording(details, now, settings.RingBytes, wake);
        Interlocked.Increment(ref _count);
        _begun.Enqueue(recording);
        wake();
        return recording;
    }

    /// <summary>Writes what is due at a time, µs.</summary>
    public void Pass(long now)
    {
        while (_begun.TryDequeue(out var recording))
            _active.Add((recording, new RecordedCall(recording, settings)));
        for (int i = _active.Count - 1; i >= 0; i--)
        {
            if (_active[i].Call.Pass(now))
                continue;
            _active[i] = _active[^1];
            _active.RemoveAt(_active.Count - 1);
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Ends all recordings at a time, µs; none may begin after this.</summary>
    public void StopAll(long now)
    {
        Pass(now);
        foreach (var (recording, _) in _active)
            recording.Stop(now);
        Pass(now);
    }
}
