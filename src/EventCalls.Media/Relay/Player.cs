using EventCalls.Media.Audio;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Relay;

/// <summary>
/// Makes RTP packets of what a party is to hear, in one codec: whoever holds it asks every 20 ms for the next one. It has no clock, and allocates
/// nothing a frame; clips are encoded before, when they are given to it. For one thread at a time, but for <see cref="Prepare"/>.
/// </summary>
internal sealed class Player
{
    /// <summary>As long as a packet may get, bytes.</summary>
    public const int MostBytes = RtpPacket.HeaderLength + AudioFrame.MostPayload;

    private readonly AudioCodec _codec;
    private readonly int _payloadType;
    private readonly uint _ssrc;
    private AudioSource? _source;
    private EncodedFrames? _encoded;
    private AudioEncoder? _encoder;
    private bool _marker = true;

    /// <summary>A stream with the payload type that was agreed on, and where it begins.</summary>
    public Player(AudioCodec codec, int payloadType, uint ssrc, ushort sequence, uint timestamp)
    {
        (_codec, _payloadType, _ssrc) = (codec, payloadType, ssrc);
        (Sequence, Timestamp) = (sequence, timestamp);
    }

    /// <summary>What it encodes with.</summary>
    public AudioCodec Codec => _codec;

    /// <summary>The payload type of its packets.</summary>
    public int PayloadType => _payloadType;

    /// <summary>Who sends.</summary>
    public uint Ssrc => _ssrc;

    /// <summary>The sequence number of the next packet.</summary>
    public ushort Sequence { get; private set; }

    /// <summary>The timestamp of the next packet.</summary>
    public uint Timestamp { get; private set; }

    /// <summary>Whether there is something to play.</summary>
    public bool IsPlaying => _source is not null;

    /// <summary>Encodes a source's clip unless it is encoded already: to call before <see cref="Play"/>, where it may take long.</summary>
    public static void Prepare(AudioSource source, AudioCodec codec) => _ = (source as ClipSource)?.Clip.In(codec);

    /// <summary>Plays a source from its next frame on, instead of what was played before; null plays nothing. Sequence and timestamp go on.</summary>
    public void Play(AudioSource? source)
    {
        _marker |= _source is null;
        _source = source;
        _encoded = (source as ClipSource)?.Clip.In(_codec);
        if (source is not null && _encoded is null)
            _encoder ??= _codec.NewEncoder();
    }

    /// <summary>Writes the next packet into a buffer of at least <see cref="MostBytes"/> bytes; its length, and 0 when there is nothing (more) to play: time goes on then, too.</summary>
    public int Next(Span<byte> packet)
    {
        int length = NextPayload(packet[RtpPacket.HeaderLength..]);
        if (length > 0)
        {
            RtpPacket.WriteHeader(packet, _payloadType, _marker, Sequence, Timestamp, _ssrc);
            Sequence++;
            _marker = false;
            length += RtpPacket.HeaderLength;
        }
        Timestamp += (uint)_codec.FrameTicks;
        return length;
    }

    private int NextPayload(Span<byte> payload)
    {
        if (_source is ClipSource clip && _encoded is not null)
        {
            if (clip.TryAdvance(out int index))
            {
                _encoded[index].CopyTo(payload);
                return _encoded[index].Length;
            }
        }
        else if (_source is { } source)
        {
            Span<short> frame = stackalloc short[AudioFrame.Samples];
            if (source.Next(frame))
                return _encoder!.Encode(frame, payload);
        }
        if (_source is not null)
            Play(null);
        _marker = true;
        return 0;
    }
}
