using EventCalls.Media.Audio;
using EventCalls.Media.Monitoring;
using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests;

/// <summary>Mixes of voices that several hear, in virtual time.</summary>
public sealed class MixTests
{
    private const int FrameUs = 1000 * AudioFrame.Milliseconds;
    private static readonly PayloadFormat s_format = new("PCMA", 8000);

    private readonly RelayLeg _caller = new();
    private readonly RelayLeg _target = new();

    [Fact]
    public void A_voice_in_several_mixes_is_decoded_once_and_the_same_in_all()
    {
        var (one, other) = (Mix(_caller), Mix(_caller));
        one.Open();
        other.Open();
        Assert.Equal(1, _caller.Taps.Length);
        for (int i = 0; i < 50; i++)
        {
            Speak(_caller, i);
            short[] heard = Next(one);
            Assert.Equal(heard, Next(other));
            Assert.Equal(i >= 3, heard.Any(static s => Math.Abs((int)s) > 100));
        }
        one.Close();
        Assert.Equal(1, _caller.Taps.Length);
        other.Close();
        other.Close();
        Assert.Equal(0, _caller.Taps.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_comes_and_goes_changes_nothing_of_what_others_hear(bool isFirst)
    {
        var (alone, speaker) = (new List<short[]>(), new RelayLeg());
        var before = Mix(speaker);
        before.Open();
        var (one, other) = (Mix(_caller), Mix(_caller));
        one.Open();
        for (int i = 0; i < 90; i++)
        {
            Speak(speaker, i);
            Speak(_caller, i);
            alone.Add(Next(before));
            if (i == 30)
                other.Open();
            if (i == 60)
                other.Close();
            // Its turn within 20 ms is before the one's or behind it.
            if (isFirst && i is >= 30 and < 60)
                Next(other);
            Assert.Equal(alone[i], Next(one));
            if (!isFirst && i is >= 30 and < 60)
                Assert.Equal(alone[i], Next(other));
        }
    }

    [Fact]
    public void Who_takes_over_the_pace_has_no_gap()
    {
        var (one, other) = (Mix(_caller), Mix(_caller));
        one.Open();
        other.Open();
        var heard = new List<short>();
        for (int i = 0; i < 60; i++)
        {
            Speak(_caller, i);
            if (i < 30)
                Next(one);
            if (i == 30)
                one.Close();
            heard.AddRange(Next(other));
        }
        // From behind the 60 ms that a voice is late on.
        var whole = heard.Skip(4 * AudioFrame.Samples).ToArray();
        Assert.All(whole.Chunk(AudioFrame.Samples), static frame => Assert.InRange(Tone.Amplitude(frame, 1000), 7000, 9000));
    }

    [Fact]
    public void Two_voices_are_heard_together()
    {
        var mix = Mix(_caller, _target);
        mix.Open();
        short[] heard = [];
        for (int i = 0; i < 20; i++)
        {
            Speak(_caller, i);
            Speak(_target, i, 450);
            heard = Next(mix);
        }
        Assert.InRange(Tone.Amplitude(heard, 1000), 7000, 9000);
        Assert.InRange(Tone.Amplitude(heard, 450), 7000, 9000);
    }

    private static void Speak(RelayLeg leg, int number, double hertz = 1000)
    {
        var bytes = new byte[RtpPacket.HeaderLength + AudioFrame.Samples];
        RtpPacket.WriteHeader(bytes, 8, false, (ushort)number, (uint)(number * AudioFrame.Samples), 1);
        G711.EncodeALaw(Tone.Sine(hertz, AudioFrame.Samples, from: number * AudioFrame.Samples), bytes.AsSpan(RtpPacket.HeaderLength));
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        foreach (var tap in leg.Taps)
            tap.Hear(packet, s_format, number * FrameUs);
    }

    private static short[] Next(MixSource mix)
    {
        var frame = new short[AudioFrame.Samples];
        Assert.True(mix.Next(frame));
        return frame;
    }

    private static MixSource Mix(params RelayLeg[] legs) => new([.. legs.Select(static leg => new MixInput(leg))]);
}
