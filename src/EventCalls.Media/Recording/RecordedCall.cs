using EventCalls.Media.Audio;

namespace EventCalls.Media.Recording;

/// <summary>One recording as its writer sees it: takes the packets of both sides in the order in which they arrived, and writes what is older than the window. For the recordings' thread.</summary>
internal sealed class RecordedCall
{
    private const int Channels = 2;
    private const int Block = 800;

    // A second of both channels: the file is whole up to here each time this much came together.
    private const int PerCheckpoint = AudioFrame.SampleRate;

    private readonly CallRecording _recording;
    private readonly RecordingSettings _settings;
    private readonly ChannelAudio[] _audio = [new(), new()];
    private readonly List<(long From, long To)> _pauses = [];
    private readonly short[] _left = new short[Block];
    private readonly short[] _right = new short[Block];
    private readonly short[] _both = new short[Block * Channels];
    private readonly int _window;
    private RecordingTarget? _target;
    private long _written;
    private long _checked;

    /// <summary>Takes a recording that has begun.</summary>
    public RecordedCall(CallRecording recording, RecordingSettings settings)
    {
        (_recording, _settings) = (recording, settings);
        _window = Math.Clamp(settings.WindowMilliseconds, 40, 400) * AudioFrame.SampleRate / 1000;
    }

    private TimeSpan Duration => TimeSpan.FromMilliseconds(_written * 1000.0 / AudioFrame.SampleRate);

    /// <summary>Writes what is due at a time, µs; false when the recording has ended.</summary>
    public bool Pass(long now)
    {
        try
        {
            _target ??= RecordingTarget.Create(_settings, _recording.Details);
            while (_recording.Commands.TryDequeue(out var command))
            {
                if (!Obey(command))
                    return false;
            }
            TakePackets(long.MaxValue);
            WriteTo(Position(now) - _window);
            return true;
        }
#pragma warning disable CA1031 // Whatever fails with one recording is told in its result: the others go on, and all calls do.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
            return false;
        }
    }

    private bool Obey(RecordingCommand command)
    {
        switch (command.Action)
        {
            case RecordingAction.Pause:
                if (_pauses is [] or [.., (_, < long.MaxValue)])
                    _pauses.Add((Position(command.At), long.MaxValue));
                return true;
            case RecordingAction.Resume:
                EndPause(Position(command.At));
                return true;
            case RecordingAction.Discard:
                _target!.Discard();
                _recording.Complete(new RecordingDiscarded { Duration = Duration });
                return false;
            default:
                Stop(Position(command.At));
                return false;
        }
    }

    private void EndPause(long position)
    {
        if (_pauses is [.., (var from, long.MaxValue)])
            _pauses[^1] = (from, Math.Max(from, position));
    }

    private void Stop(long end)
    {
        TakePackets(end);
        foreach (var audio in _audio)
            audio.Drain(end, all: true);
        WriteTo(end);
        EndPause(_written);
        string location = _target!.Finish();
        _recording.Complete(new RecordingStored(location, _target.Bytes)
        {
            Duration = Duration,
            Pauses = [.. _pauses.Select(p => new RecordingPause(Time(p.From), Time(p.To)))],
            Dropped = _recording.Dropped,
            Late = _audio.Sum(a => a.Late),
            Undecodable = _audio.Sum(a => a.Undecodable),
            Encrypted = _settings.Key is not null,
        });
    }

    private void Fail(Exception e)
    {
        var reason = e switch
        {
            UnauthorizedAccessException => RecordingFailure.NotPermitted,
            IOException io => ReasonOf(io),
            _ => RecordingFailure.Fault,
        };
        string? left = _target?.CutBack();
        _recording.Complete(new RecordingFailed(reason, e.Message, left, left is null ? 0 : _target!.Bytes) { Duration = TimeSpan.FromSeconds(_checked / (double)AudioFrame.SampleRate) });
    }

    // What Linux says (ENOSPC, EDQUOT, EFBIG; EROFS, EACCES, EPERM) and Windows does (disk full, handle disk full).
    private static RecordingFailure ReasonOf(IOException e) => (e.HResult & 0xFFFF) switch
    {
        28 or 122 or 27 or 112 or 39 => RecordingFailure.DiskFull,
        30 or 13 or 1 => RecordingFailure.NotPermitted,
        _ => RecordingFailure.DiskError,
    };

    // In the order of their arrival, whatever waited for how long: what a recording holds does not depend on when its writer came to it.
    private void TakePackets(long end)
    {
        while (true)
        {
            bool left = _recording.Ring(0).TryPeek(out var a);
            bool right = _recording.Ring(1).TryPeek(out var b);
            if (!left && !right)
                return;
            int channel = left && (!right || a.Arrival <= b.Arrival) ? 0 : 1;
            var packet = channel == 0 ? a : b;
            long arrival = Position(packet.Arrival);
            if (arrival <= end)
            {
                if (arrival - _window - _written >= Block)
                    WriteTo(arrival - _window);
                _audio[channel].Take(packet, arrival);
            }
            _recording.Ring(channel).Pop();
        }
    }

    private void WriteTo(long horizon)
    {
        if (horizon <= _written)
            return;
        foreach (var audio in _audio)
            audio.Drain(horizon + _window, all: false);
        while (_written < horizon)
        {
            int count = (int)Math.Min(Block, horizon - _written);
            _audio[0].TakeOut(_left.AsSpan(0, count));
            _audio[1].TakeOut(_right.AsSpan(0, count));
            for (int i = 0; i < count; i++)
                (_both[2 * i], _both[2 * i + 1]) = (_left[i], _right[i]);
            foreach (var (from, to) in _pauses)
            {
                int first = (int)Math.Clamp(from - _written, 0, count);
                int end = (int)Math.Clamp(to - _written, 0, count);
                if (end > first)
                    _both.AsSpan(first * Channels, (end - first) * Channels).Clear();
            }
            _target!.Write(_both.AsSpan(0, count * Channels));
            _written += count;
            if (_written - _checked >= PerCheckpoint)
            {
                _target.Checkpoint();
                _checked = _written;
            }
        }
    }

    private long Position(long time) => (time - _recording.Start) * (AudioFrame.SampleRate / 1000) / 1000;

    private static TimeSpan Time(long position) => TimeSpan.FromMilliseconds(position * 1000.0 / AudioFrame.SampleRate);
}
