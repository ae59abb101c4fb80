using EventCalls.Media.Recording;

namespace EventCalls.Media.Relay;

/// <summary>One leg's media on the relay's thread: its streams, and the leg they are connected to.</summary>
internal sealed class RelayLeg
{
    private RelayStream?[] _streams = [];
    private StreamTap[] _taps = [];
    private CallRecording? _recording;
    private RecordingChannel _channel;

    /// <summary>Whose media it gets and who gets its; null while it is connected to nobody.</summary>
    public RelayLeg? Peer { get; set; }

    /// <summary>When something was last heard of it, on the relay's clock, µs.</summary>
    public long HeardAt { get; set; }

    /// <summary>Whether it says that it sends, so that silence is a fault.</summary>
    public bool IsExpected { get; set; }

    /// <summary>Called whenever it was silent for as long as is allowed.</summary>
    public Action? OnSilent { get; init; }

    /// <summary>Called with each digit that the peer has pressed, and how long, milliseconds.</summary>
    public Action<char, int>? OnDigit { get; init; }

    /// <summary>The stream of an m-line; null when that has none.</summary>
    public RelayStream? StreamAt(int index) => index < _streams.Length ? _streams[index] : null;

    /// <summary>What the peer is let hear instead of <see cref="Peer"/>; null as long as it never was.</summary>
    public Player? Player { get; set; }

    /// <summary>Records the peer's voice from now on; null for no longer.</summary>
    public void Record(CallRecording? recording, RecordingChannel channel)
    {
        (_recording, _channel) = (recording, channel);
        foreach (var stream in _streams)
        {
            if (stream is { IsAudio: true })
                stream.Record(recording, channel);
        }
    }

    /// <summary>Whether something is played to the peer; it is asked for every 20 ms until it is stopped, also behind its end.</summary>
    public bool IsPlayed { get; set; }

    /// <summary>Whether what is played takes the place of the peer's voice in the recording.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>At which of the turns within 20 ms it is done.</summary>
    public int Turn { get; set; }

    /// <summary>Whether it gets a copy of what somebody else's peer says, who hears what is announced elsewhere.</summary>
    public bool IsCopy { get; set; }

    /// <summary>Whether anything is left to do every 20 ms.</summary>
    public bool IsBusy => IsPlayed || Voice is { Output.IsPressing: true };

    /// <summary>Which of its streams is the voice that was agreed on; -1 where nobody has said so yet.</summary>
    public int VoiceIndex { get; set; } = -1;

    /// <summary>The stream that is its voice.</summary>
    public RelayStream? Voice
    {
        get
        {
            if (VoiceIndex >= 0 && StreamAt(VoiceIndex) is { IsAudio: true } agreed)
                return agreed;
            foreach (var stream in _streams)
            {
                if (stream is { IsAudio: true })
                    return stream;
            }
            return null;
        }
    }

    /// <summary>Sends the next 20 ms of what is played, or of digits.</summary>
    public void PlayOn(Span<byte> buffer, long now)
    {
        if (Voice is not { } voice)
            return;
        // Time goes on for what is played, too, where a digit takes its place, or nobody hears it.
        var player = IsPlayed ? Player : null;
        int length = player?.Next(buffer) ?? 0;
        if (voice.Output.PressOn(buffer, now) || length == 0)
            return;
        if (IsAnnounced && (IsCopy || voice.IsHeard))
            voice.FeedMade(buffer[..length], player!.Codec, now);
        if (voice.IsHeard)
            voice.Output.SendPlayed(buffer, length, player!, now);
    }

    /// <summary>Who hears the peer's voice besides.</summary>
    public ReadOnlySpan<StreamTap> Taps => _taps;

    /// <summary>Has somebody hear the peer's voice besides.</summary>
    public void Add(StreamTap tap) => _taps = [.. _taps, tap];

    /// <summary>They hear it no more; does nothing when they never did.</summary>
    public void Remove(StreamTap tap) => _taps = Array.FindAll(_taps, other => other != tap);

    /// <summary>Its streams.</summary>
    public ReadOnlySpan<RelayStream?> Streams => _streams;

    /// <summary>Puts a stream in its place.</summary>
    public void Set(int index, RelayStream stream)
    {
        if (index >= _streams.Length)
            Array.Resize(ref _streams, index + 1);
        _streams[index] = stream;
        if (stream.IsAudio && _recording is not null)
            stream.Record(_recording, _channel);
    }
}
