using EventCalls.Media.Audio;
using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests.Relay;

public class PlayerTests
{
    private readonly byte[] _buffer = new byte[Player.MostBytes];

    [Theory]
    [InlineData("PCMA")]
    [InlineData("PCMU")]
    [InlineData("opus")]
    [Trait("RFC", "3551 §4.1, 7587 §4.2")]
    public void Music_is_heard_for_as_long_as_it_is_asked_for(string name)
    {
        var codec = AudioCodec.All.Single(c => c.Name == name);
        var player = new Player(codec, 100, 0xABCD, 65_535, uint.MaxValue);
        player.Play(new ClipSource(new AudioClip(Tone.Sine(500, 8000), repeats: true)));
        var decoder = codec.NewDecoder();
        var heard = new short[24_000 + AudioFrame.MostSamplesOfAPacket];
        for (int i = 0; i < 150; i++)
        {
            Assert.True(RtpPacket.TryParse(_buffer.AsSpan(0, player.Next(_buffer)), out var packet));
            Assert.Equal(
                (100, i == 0, unchecked((ushort)(65_535 + i)), unchecked(uint.MaxValue + (uint)(i * codec.FrameTicks)), 0xABCDu),
                (packet.PayloadType, packet.Marker, packet.Sequence, packet.Timestamp, packet.Ssrc));
            decoder.Decode(packet.Payload, heard.AsSpan(i * 160));
        }
        // Also over the end of the loop, where nothing may click: whatever is not the tone.
        Assert.InRange(Tone.Amplitude(heard.AsSpan(4000, 16_000), 500), 7500, 8500);
        for (int at = 4000; at < 20_000; at += 400)
            Assert.InRange(Tone.Amplitude(heard.AsSpan(at, 400), 2500), 0, 300);
    }

    [Fact]
    public void A_prompt_ends_and_what_comes_after_a_silence_begins_with_a_marker()
    {
        var player = new Player(AudioCodec.Pcma, 8, 1, 10, 1000);
        player.Play(new ClipSource(new AudioClip(new short[170], repeats: false)));
        Assert.True(player.Next(_buffer) > 0);
        Assert.True(player.Next(_buffer) > 0);
        Assert.Equal(0, player.Next(_buffer));
        Assert.False(player.IsPlaying);
        Assert.Equal(0, player.Next(_buffer));
        player.Play(new ClipSource(AudioClip.Silence));
        Assert.True(RtpPacket.TryParse(_buffer.AsSpan(0, player.Next(_buffer)), out var packet));
        Assert.Equal((true, (ushort)12, 1640u), (packet.Marker, packet.Sequence, packet.Timestamp));
        Assert.Equal(Enumerable.Repeat(G711.ALawSilence, 160), packet.Payload.ToArray());
    }

    [Fact]
    public void One_source_follows_another_without_a_break()
    {
        var player = new Player(AudioCodec.Pcmu, 0, 1, 10, 1000);
        player.Play(new ClipSource(AudioClip.Of(CountryTones.Find("us")!.Ringback)));
        player.Next(_buffer);
        player.Play(new Sines());
        Assert.True(RtpPacket.TryParse(_buffer.AsSpan(0, player.Next(_buffer)), out var packet));
        Assert.Equal((false, (ushort)11, 1160u), (packet.Marker, packet.Sequence, packet.Timestamp));
        var samples = new short[160];
        G711.DecodeMuLaw(packet.Payload, samples);
        Assert.InRange(Tone.Amplitude(samples, 600), 7500, 8500);
    }

    [Theory]
    [InlineData("PCMA")]
    [InlineData("opus")]
    public void Nothing_is_allocated_a_frame(string name)
    {
        var player = new Player(AudioCodec.All.Single(c => c.Name == name), 100, 1, 0, 0);
        player.Play(new ClipSource(new AudioClip(Tone.Sine(500, 8000), repeats: true)));
        long before = 0;
        for (int i = 0; i < 2000; i++)
        {
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
            player.Next(_buffer);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Two_calls_are_at_places_of_their_own_in_one_clip()
    {
        var clip = new AudioClip([.. Enumerable.Range(0, 480).Select(i => (short)(i / 160 * 1000))], repeats: true);
        var first = new ClipSource(clip);
        var second = new ClipSource(clip);
        var frame = new short[160];
        Assert.True(first.Next(frame) && first.Next(frame));
        Assert.Equal(1000, frame[0]);
        Assert.True(second.Next(frame));
        Assert.Equal(0, frame[0]);
    }

    private sealed class Sines : AudioSource
    {
        public override bool Next(Span<short> frame)
        {
            Tone.Sine(600, 160).CopyTo(frame);
            return true;
        }
    }
}
