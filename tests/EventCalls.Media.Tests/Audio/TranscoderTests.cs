using EventCalls.Media.Audio;

namespace EventCalls.Media.Tests.Audio;

public class TranscoderTests
{
    private readonly byte[] _payload = new byte[AudioFrame.MostPayload];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tone_goes_through_either_way(bool toOpus)
    {
        var (from, to) = toOpus ? (AudioCodec.Pcma, AudioCodec.Opus) : (AudioCodec.Opus, AudioCodec.Pcma);
        var transcoder = new Transcoder(from, to, 65_530, 0xFFFF_FF00);
        var encoder = from.NewEncoder();
        var decoder = to.NewDecoder();
        short[] sine = Tone.Sine(800, 16_000);
        var heard = new short[17_000];
        for (int i = 0; i < 100; i++)
        {
            int length = encoder.Encode(sine.AsSpan(i * 160, 160), _payload);
            transcoder.Accept(_payload.AsSpan(0, length), (uint)(i * from.FrameTicks));
            Assert.True(transcoder.TryNext(_payload, out length, out ushort sequence, out uint timestamp));
            Assert.Equal((unchecked((ushort)(65_530 + i)), unchecked(0xFFFF_FF00 + (uint)(i * to.FrameTicks))), (sequence, timestamp));
            decoder.Decode(_payload.AsSpan(0, length), heard.AsSpan(i * 160));
            Assert.False(transcoder.TryNext(_payload, out _, out _, out _));
        }
        Assert.InRange(Tone.Amplitude(heard.AsSpan(8000, 8000), 800), 7000, 9000);
    }

    [Fact]
    public void Packets_of_10_and_of_60_ms_become_packets_of_20()
    {
        var transcoder = new Transcoder(AudioCodec.Pcmu, AudioCodec.Pcma, 0, 0);
        var given = new List<uint>();
        transcoder.Accept(new byte[80], 1000);
        Take();
        transcoder.Accept(new byte[80], 1080);
        Take();
        transcoder.Accept(new byte[480], 1160);
        Take();
        Assert.Equal([0u, 160, 320, 480], given);

        void Take()
        {
            while (transcoder.TryNext(_payload, out int length, out _, out uint timestamp))
            {
                Assert.Equal(160, length);
                given.Add(timestamp);
            }
        }
    }

    [Fact]
    public void What_was_lost_before_stays_a_gap_behind_and_what_comes_late_is_left_out()
    {
        var transcoder = new Transcoder(AudioCodec.Pcmu, AudioCodec.Opus, 10, 0);
        transcoder.Accept(new byte[160], 0);
        Assert.True(transcoder.TryNext(_payload, out _, out ushort first, out _));
        transcoder.Accept(new byte[160], 480);
        Assert.True(transcoder.TryNext(_payload, out _, out ushort second, out uint timestamp));
        transcoder.Accept(new byte[160], 160);
        Assert.False(transcoder.TryNext(_payload, out _, out _, out _));
        Assert.Equal((10, 13, 3 * 960u, 1L), (first, second, timestamp, transcoder.Dropped));
    }

    [Fact]
    public void A_sender_that_begins_anew_far_off_goes_on_at_once()
    {
        var transcoder = new Transcoder(AudioCodec.Pcmu, AudioCodec.Pcma, 10, 0);
        foreach (uint timestamp in new uint[] { 0, 3_000_000_000, 3_000_000_160, 7 })
        {
            transcoder.Accept(new byte[160], timestamp);
            Assert.True(transcoder.TryNext(_payload, out _, out _, out _));
        }
    }

    [Fact]
    public void Nothing_is_allocated_a_packet_of_G711()
    {
        var transcoder = new Transcoder(AudioCodec.Pcmu, AudioCodec.Pcma, 0, 0);
        var payload = new byte[160];
        long before = 0;
        for (uint i = 0; i < 2000; i++)
        {
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
            transcoder.Accept(payload, i * 160);
            transcoder.TryNext(_payload, out _, out _, out _);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
