using EventCalls.Media.Audio;

namespace EventCalls.Media.Tests.Audio;

public class CodecTests
{
    public static TheoryData<string> Names => [.. AudioCodec.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("RFC", "3551 §6, 7587 §4.1")]
    public void A_tone_is_the_same_tone_after_it_was_coded(string name)
    {
        var codec = AudioCodec.All.Single(c => c.Name == name);
        short[] heard = Coded(codec, Tone.Sine(1000, 16_000));
        Assert.InRange(Tone.Amplitude(heard.AsSpan(8000), 1000), 7500, 8500);
        foreach (int other in new[] { 500, 800, 1200, 2000, 3000 })
            Assert.InRange(Tone.Amplitude(heard.AsSpan(8000), other), 0, 120);
        Assert.Equal(codec.ClockRate / 50, codec.FrameTicks);
    }

    [Fact]
    [Trait("RFC", "7587 §7")]
    public void Codecs_are_found_as_session_descriptions_name_them()
    {
        Assert.Same(AudioCodec.Opus, AudioCodec.Find("OPUS", 48_000));
        Assert.Same(AudioCodec.Pcma, AudioCodec.Find("pcma", 8000));
        Assert.Null(AudioCodec.Find("opus", 8000));
        Assert.Null(AudioCodec.Find("G729", 8000));
        Assert.Equal((48_000, 2), (AudioCodec.Opus.ClockRate, AudioCodec.Opus.Channels));
        Assert.Same(AudioCodec.Pcmu, AudioCodec.OfStaticType(0));
        Assert.Null(AudioCodec.OfStaticType(18));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_comes_is_decoded_or_refused_and_nothing_is_thrown(string name)
    {
        var decoder = AudioCodec.All.Single(c => c.Name == name).NewDecoder();
        var random = new Random(99);
        var samples = new short[AudioFrame.MostSamplesOfAPacket];
        for (int i = 0; i < 5000; i++)
        {
            var payload = new byte[random.Next(1400)];
            random.NextBytes(payload);
            Assert.InRange(decoder.Decode(payload, samples), -1, samples.Length);
        }
    }

    [Fact]
    public void Opus_covers_a_lost_frame_with_something_like_what_was_there()
    {
        var encoder = AudioCodec.Opus.NewEncoder();
        var decoder = AudioCodec.Opus.NewDecoder();
        short[] sine = Tone.Sine(400, 1600);
        var payload = new byte[AudioFrame.MostPayload];
        var samples = new short[AudioFrame.MostSamplesOfAPacket];
        for (int i = 0; i < 10; i++)
            decoder.Decode(payload.AsSpan(0, encoder.Encode(sine.AsSpan(i * 160, 160), payload)), samples);
        Assert.Equal(160, decoder.Conceal(samples));
        Assert.InRange(Tone.Peak(samples.AsSpan(0, 160)), 2000, 12_000);
    }

    private static short[] Coded(AudioCodec codec, short[] samples)
    {
        var encoder = codec.NewEncoder();
        var decoder = codec.NewDecoder();
        var heard = new short[samples.Length + AudioFrame.MostSamplesOfAPacket];
        var payload = new byte[AudioFrame.MostPayload];
        for (int at = 0; at < samples.Length; at += 160)
            Assert.Equal(160, decoder.Decode(payload.AsSpan(0, encoder.Encode(samples.AsSpan(at, 160), payload)), heard.AsSpan(at)));
        return heard[..samples.Length];
    }
}
