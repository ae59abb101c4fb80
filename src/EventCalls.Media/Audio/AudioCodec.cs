namespace EventCalls.Media.Audio;

/// <summary>A codec that audio is encoded and decoded with here, as RTP and session descriptions know it (RFC 3551 §6, RFC 7587).</summary>
internal sealed class AudioCodec
{
    /// <summary>G.711 µ-law.</summary>
    public static readonly AudioCodec Pcmu = new("PCMU", 0, 8000, 1);

    /// <summary>G.711 A-law.</summary>
    public static readonly AudioCodec Pcma = new("PCMA", 8, 8000, 1);

    /// <summary>Opus; its clock is always 48 kHz and its channels always two in session descriptions, whatever is in the packets (RFC 7587 §4.1, §7).</summary>
    public static readonly AudioCodec Opus = new("opus", 111, 48_000, 2);

    private AudioCodec(string name, int payloadType, int clockRate, int channels)
    {
        Name = name;
        PayloadType = payloadType;
        ClockRate = clockRate;
        Channels = channels;
    }

    /// <summary>All codecs, the ones preferred first.</summary>
    public static IReadOnlyList<AudioCodec> All { get; } = [Pcma, Pcmu, Opus];

    /// <summary>The encoding name in a session description.</summary>
    public string Name { get; }

    /// <summary>The payload type: the static one, or what is offered for a dynamic one.</summary>
    public int PayloadType { get; }

    /// <summary>Units of a timestamp per second.</summary>
    public int ClockRate { get; }

    /// <summary>The channels in a session description.</summary>
    public int Channels { get; }

    /// <summary>How far a frame of 20 ms moves the timestamp.</summary>
    public int FrameTicks => ClockRate / 1000 * AudioFrame.Milliseconds;

    /// <summary>Units of a timestamp for a sample of ours at 8 kHz.</summary>
    public int TicksPerSample => ClockRate / AudioFrame.SampleRate;

    /// <summary>The codec that a session description names; null when it is none of ours. Names know no case (RFC 4855 §3).</summary>
    public static AudioCodec? Find(string name, int clockRate) =>
        All.FirstOrDefault(codec => codec.ClockRate == clockRate && codec.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Its place in <see cref="All"/>.</summary>
    public static byte PlaceOf(AudioCodec codec)
    {
        byte place = 0;
        while (All[place] != codec)
            place++;
        return place;
    }

    /// <summary>The codec of a static payload type; null when it is none of ours.</summary>
    public static AudioCodec? OfStaticType(int payloadType) => payloadType switch { 0 => Pcmu, 8 => Pcma, _ => null };

    /// <summary>An encoder with state of its own.</summary>
    public AudioEncoder NewEncoder() => this == Opus ? new OpusFrameEncoder() : new G711Encoder(this == Pcmu);

    /// <summary>A decoder with state of its own.</summary>
    public AudioDecoder NewDecoder() => this == Opus ? new OpusFrameDecoder() : new G711Decoder(this == Pcmu);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}/{ClockRate}";
}
