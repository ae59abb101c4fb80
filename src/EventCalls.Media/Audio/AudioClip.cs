using System.Collections.Concurrent;

namespace EventCalls.Media.Audio;

/// <summary>Audio that is at hand as a whole and shared among calls: decoded once, encoded once per codec. Any thread may use it.</summary>
internal sealed class AudioClip
{
    // Opus remembers the frames before: so many are enough to begin a loop's first frame as its last one ends.
    private const int LeadIn = 10;

    private readonly short[] _samples;
    private readonly ConcurrentDictionary<AudioCodec, Lazy<EncodedFrames>> _encoded = [];

    /// <summary>Takes the samples, 8 kHz; what does not fill the last frame is filled up with silence, or cut off when the clip repeats and loses no more than that.</summary>
    public AudioClip(short[] samples, bool repeats)
    {
        int whole = samples.Length / AudioFrame.Samples;
        bool cut = repeats && whole > 0;
        Frames = cut ? whole : Math.Max(1, (samples.Length + AudioFrame.Samples - 1) / AudioFrame.Samples);
        _samples = new short[Frames * AudioFrame.Samples];
        samples.AsSpan(0, Math.Min(samples.Length, _samples.Length)).CopyTo(_samples);
        Repeats = repeats;
    }

    /// <summary>Silence without end.</summary>
    public static AudioClip Silence { get; } = new([], repeats: true);

    /// <summary>Whether it begins again when it ends.</summary>
    public bool Repeats { get; }

    /// <summary>How many frames of 20 ms it has; one at least.</summary>
    public int Frames { get; }

    /// <summary>A tone that repeats; a period that is no multiple of 20 ms is rendered as often as makes one.</summary>
    public static AudioClip Of(Cadence tone)
    {
        short[] period = tone.Render();
        int times = 1;
        while (times * period.Length % AudioFrame.Samples != 0)
            times++;
        return new AudioClip([.. Enumerable.Repeat(period, times).SelectMany(p => p)], repeats: true);
    }

    /// <summary>A frame of it: 160 samples.</summary>
    public ReadOnlySpan<short> Frame(int index) => _samples.AsSpan(index * AudioFrame.Samples, AudioFrame.Samples);

    /// <summary>All of it encoded; the first call for a codec takes as long as that (Opus about 10 s for an hour), so it is made when a call is set up and not on a relay's thread.</summary>
    public EncodedFrames In(AudioCodec codec) => _encoded.GetOrAdd(codec, static (c, clip) => new Lazy<EncodedFrames>(() => clip.Encode(c)), this).Value;

    private EncodedFrames Encode(AudioCodec codec)
    {
        var encoder = codec.NewEncoder();
        var frames = new EncodedFrames(Frames, codec == AudioCodec.Opus ? 80 : AudioFrame.Samples);
        Span<byte> payload = stackalloc byte[AudioFrame.MostPayload];
        for (int i = 0; i < (Repeats && codec == AudioCodec.Opus ? LeadIn : 0); i++)
            encoder.Encode(Frame((Frames * LeadIn - LeadIn + i) % Frames), payload);
        for (int i = 0; i < Frames; i++)
            frames.Add(payload[..encoder.Encode(Frame(i), payload)]);
        return frames;
    }
}
