using EventCalls.Media.Audio;

namespace EventCalls.Media.Tests.Audio;

/// <summary>Opus by the program's own code and by a native libopus: each understands the other, and nothing that comes over the network throws.</summary>
public class OpusLibraryTests
{
    private const string Native = "libopus.so.0";

    [Theory]
    [InlineData(null, Native)]
    [InlineData(Native, null)]
    [InlineData(Native, Native)]
    [Trait("RFC", "7587 §4.1")]
    public void What_one_library_encodes_another_decodes(string? encoding, string? decoding)
    {
        foreach (int channels in new[] { 1, 2 })
        {
            var encoder = Encoder(encoding, channels);
            var decoder = Decoder(decoding, channels);
            short[] tone = Tone.Sine(1000, 16_000);
            var heard = new short[tone.Length];
            var packet = new byte[AudioFrame.MostPayload];
            var samples = new short[AudioFrame.MostSamplesOfAPacket * channels];
            for (int at = 0; at < tone.Length; at += AudioFrame.Samples)
            {
                // The second channel is silent.
                short[] frame = [.. tone[at..(at + AudioFrame.Samples)].SelectMany(s => channels == 1 ? new[] { s } : [s, (short)0])];
                Assert.Equal(AudioFrame.Samples, decoder.Decode(packet.AsSpan(0, encoder.Encode(frame, packet)), samples, AudioFrame.MostSamplesOfAPacket));
                for (int i = 0; i < AudioFrame.Samples; i++)
                    heard[at + i] = samples[i * channels];
            }
            Assert.InRange(Tone.Amplitude(heard.AsSpan(8000), 1000), 7000, 9000);
            foreach (int other in new[] { 500, 2000, 3000 })
                Assert.InRange(Tone.Amplitude(heard.AsSpan(8000), other), 0, 250);
        }
    }

    [Fact]
    public void Both_are_as_far_behind_what_they_are_given() => Assert.Equal(Encoder(null, 2).Lookahead, Encoder(Native, 2).Lookahead);

    [Theory]
    [InlineData(null)]
    [InlineData(Native)]
    public void Bytes_that_are_no_Opus_are_no_audio_and_the_next_packet_is(string? library)
    {
        var decoder = Decoder(library, 1);
        var random = new Random(7);
        var samples = new short[AudioFrame.MostSamplesOfAPacket];
        for (int i = 0; i < 5000; i++)
        {
            var packet = new byte[1 + random.Next(1400)];
            random.NextBytes(packet);
            Assert.InRange(decoder.Decode(packet, samples, samples.Length), -1, samples.Length);
        }
        var good = new byte[AudioFrame.MostPayload];
        int length = Encoder(null, 1).Encode(Tone.Sine(400, AudioFrame.Samples), good);
        Assert.Equal(AudioFrame.Samples, decoder.Decode(good.AsSpan(0, length), samples, samples.Length));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Native)]
    public void A_lost_packet_is_something_like_what_was_there_and_after_a_reset_silence(string? library)
    {
        var encoder = Encoder(library, 1);
        var decoder = Decoder(library, 1);
        short[] tone = Tone.Sine(400, 1600);
        var packet = new byte[AudioFrame.MostPayload];
        var samples = new short[AudioFrame.MostSamplesOfAPacket];
        for (int at = 0; at < tone.Length; at += AudioFrame.Samples)
            decoder.Decode(packet.AsSpan(0, encoder.Encode(tone.AsSpan(at, AudioFrame.Samples), packet)), samples, samples.Length);
        Assert.Equal(AudioFrame.Samples, decoder.Decode([], samples, AudioFrame.Samples));
        Assert.InRange(Tone.Peak(samples.AsSpan(0, AudioFrame.Samples)), 2000, 12_000);
        decoder.Reset();
        decoder.Decode([], samples, AudioFrame.Samples);
        Assert.InRange(Tone.Peak(samples.AsSpan(0, AudioFrame.Samples)), 0, 10);
    }

    [Theory]
    [InlineData("libnothing.so.0", "there is no such library for this machine; install libopus (Debian's libopus0), or leave it out")]
    [InlineData("libc.so.6", "it is no libopus: ")]
    public void A_name_that_is_no_libopus_is_told(string name, string why)
    {
        Assert.False(OpusLibrary.TryUse(name, out string? whyNot));
        Assert.StartsWith(why, whyNot, StringComparison.Ordinal);
    }

    private static OpusEncoder Encoder(string? library, int channels) =>
        library is null ? new ManagedOpusEncoder(channels, 40_000, 3) : new NativeOpusEncoder(Load(library), channels, 40_000, 3);

    private static OpusDecoder Decoder(string? library, int channels) => library is null ? new ManagedOpusDecoder(channels) : new NativeOpusDecoder(Load(library), channels);

    private static LibOpus Load(string name)
    {
        Assert.True(LibOpus.TryLoad(name, out var library, out string? whyNot), whyNot);
        return library;
    }
}
