using EventCalls.Media.Audio;
using EventCalls.Media.Recording;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests.Recording;

/// <summary>Who is heard when, and in which channel.</summary>
public sealed class RecordingAudioTests
{
    [Theory]
    [InlineData("PCMA", 100)]
    [InlineData("PCMU", 1000)]
    [InlineData("opus", 100)]
    public async Task Each_side_is_in_its_channel_at_its_time_and_begins_when_it_began(string name, int passEvery)
    {
        using var bench = new RecordingBench() { PassEvery = passEvery };
        var codec = AudioCodec.All.Single(c => c.Name == name);
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(codec, 500, 1).Send(100, 200));
        bench.Feed(RecordingChannel.Target, new SimulatedSender(AudioCodec.Pcmu, 900, 2).Send(2000, 50));
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(5000));
        Assert.Equal((TimeSpan.FromSeconds(5), 44 + 5 * 32_000L, 0L, 0L, 0L), (stored.Duration, stored.Bytes, stored.Dropped, stored.Late, stored.Undecodable));
        Assert.Equal(Path.Combine(bench.Folder, "2026/03/09/call-1.wav"), stored.Location);
        var (left, right) = RecordingBench.Read(stored.Location);
        Assert.Equal(40_000, left.Length);
        Assert.Equal(0, Tone.Peak(left.AsSpan(0, 800)));
        Hears(left, 500, 900, 200, 4000);
        Assert.Equal(0, Tone.Peak(left.AsSpan(4101 * 8)));
        Assert.Equal(0, Tone.Peak(right.AsSpan(0, 16_000)));
        Hears(right, 900, 500, 2000, 2980);
        Assert.Equal(0, Tone.Peak(right.AsSpan(3000 * 8)));
    }

    [Fact]
    public async Task Without_faults_every_sample_of_G711_is_where_it_was_said()
    {
        using var bench = new RecordingBench();
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 437, 1).Send(300, 100));
        var (left, _) = RecordingBench.Read(Assert.IsType<RecordingStored>(await bench.RunAsync(3000)).Location);
        short[] said = [.. Tone.Sine(437, 16_000).Select(s => G711.DecodeALaw(G711.EncodeALaw(s)))];
        Assert.Equal(said, left[2400..18_400]);
    }

    [Theory]
    [InlineData("PCMA")]
    [InlineData("opus")]
    public async Task Lost_packets_are_silence_and_late_ones_have_their_place(string name)
    {
        using var bench = new RecordingBench();
        var codec = AudioCodec.All.Single(c => c.Name == name);
        var random = new Random(42);
        var lost = new HashSet<int>();
        var packets = new SimulatedSender(codec, 500, 1).Send(0, 500).Select((p, i) =>
        {
            // One in ten is lost, the rest takes up to 60 ms and overtakes.
            if (i > 0 && random.Next(10) == 0)
                lost.Add(i);
            return (p.Arrival + (i == 0 ? 0 : random.Next(60_000)), p.Packet);
        }).ToList();
        bench.Feed(RecordingChannel.Caller, packets.Where((_, i) => !lost.Contains(i)));
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(10_100));
        Assert.InRange(lost.Count, 30, 70);
        Assert.Equal(0, stored.Late);
        var (left, _) = RecordingBench.Read(stored.Location);
        for (int i = 5; i < 500; i++)
        {
            // Within a frame of its own, whether it drifted a few samples or not.
            var frame = left.AsSpan(i * 160 + 20, 120);
            if (lost.Contains(i))
                Assert.Equal(0, Tone.Peak(left.AsSpan(i * 160 + 40, 80)));
            else if (codec != AudioCodec.Opus)
                Assert.InRange(Tone.Amplitude(frame, 500), 7000, 9000);
        }
        if (codec == AudioCodec.Opus)
            Assert.InRange(Tone.Amplitude(left.AsSpan(800, 79_000), 500), 5500, 8200);
    }

    [Theory]
    [InlineData("PCMA")]
    [InlineData("opus")]
    public async Task What_was_held_up_in_the_beginning_does_not_put_off_what_follows(string name)
    {
        using var bench = new RecordingBench();
        var codec = AudioCodec.All.Single(c => c.Name == name);
        // The first 400 ms arrive together, and what is said after a second is where it was said.
        var first = new SimulatedSender(codec, 500, 1);
        var packets = first.Send(0, 50).ToList();
        var later = new SimulatedSender(codec, 900, 1) { Sequence = first.Sequence, Timestamp = first.Timestamp };
        packets.AddRange(later.Send(1000, 50));
        bench.Feed(RecordingChannel.Caller, packets.Select(p => (Math.Max(p.Arrival, 400_000), p.Packet)));
        var (left, _) = RecordingBench.Read(Assert.IsType<RecordingStored>(await bench.RunAsync(2100)).Location);
        Assert.InRange(Tone.Amplitude(left.AsSpan(800 * 8, 1200), 500), 5000, 9000);
        Assert.InRange(Tone.Amplitude(left.AsSpan(1040 * 8, 1200), 900), 5000, 9000);
        Assert.InRange(Tone.Amplitude(left.AsSpan(1800 * 8, 1200), 900), 5000, 9000);
    }

    [Fact]
    public async Task One_that_comes_after_the_window_is_counted_and_changes_nothing()
    {
        using var bench = new RecordingBench();
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 100).Select((p, i) => (p.Arrival + (i == 50 ? 700_000 : 0), p.Packet)));
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(2000));
        Assert.Equal(1, stored.Late);
        var (left, _) = RecordingBench.Read(stored.Location);
        Assert.Equal(0, Tone.Peak(left.AsSpan(50 * 160, 160)));
        Assert.InRange(Tone.Amplitude(left.AsSpan(51 * 160, 4800), 500), 7500, 8500);
    }

    [Fact]
    public async Task A_packet_that_comes_twice_is_heard_once()
    {
        using var bench = new RecordingBench();
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 100).SelectMany(p => new[] { p, (p.Arrival + 5000, p.Packet) }));
        var (left, _) = RecordingBench.Read(Assert.IsType<RecordingStored>(await bench.RunAsync(2000)).Location);
        Hears(left, 500, 900, 0, 1980);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_target_that_is_replaced_goes_on_in_the_same_channel(bool opusBefore)
    {
        using var bench = new RecordingBench();
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 250));
        bench.Feed(RecordingChannel.Target, new SimulatedSender(opusBefore ? AudioCodec.Opus : AudioCodec.Pcma, 900, 2).Send(0, 100));
        bench.Feed(RecordingChannel.Target, new SimulatedSender(opusBefore ? AudioCodec.Pcma : AudioCodec.Opus, 1500, 3).Send(2500, 100));
        var (left, right) = RecordingBench.Read(Assert.IsType<RecordingStored>(await bench.RunAsync(5000)).Location);
        Hears(left, 500, 900, 0, 4980);
        Hears(right, 900, 1500, 100, 1980);
        Assert.Equal(0, Tone.Peak(right.AsSpan(2020 * 8, 450 * 8)));
        Hears(right, 1500, 900, 2600, 4480);
    }

    [Theory]
    [InlineData(1_000_000_000u, true)]
    [InlineData(0u, true)]
    [InlineData(0u, false)]
    [InlineData(3_000_000_000u, false)]
    public async Task A_sender_that_goes_on_with_another_time_after_a_hold_is_heard_when_it_speaks(uint jump, bool marker)
    {
        using var bench = new RecordingBench();
        var sender = new SimulatedSender(AudioCodec.Pcma, 500, 1);
        bench.Feed(RecordingChannel.Caller, sender.Send(0, 50).ToList());
        sender.Timestamp += jump;
        var after = sender.Send(4000, 50).ToList();
        if (!marker)
            after[0].Packet[1] &= 0x7f;
        bench.Feed(RecordingChannel.Caller, after);
        var (left, _) = RecordingBench.Read(Assert.IsType<RecordingStored>(await bench.RunAsync(6000)).Location);
        Hears(left, 500, 900, 0, 980);
        Assert.Equal(0, Tone.Peak(left.AsSpan(1000 * 8, 3000 * 8)));
        // Without a marker it shows from a few packets that it is no burst of late ones.
        Hears(left, 500, 900, marker ? 4000 : 4180, 4980);
        Assert.Equal(0, Tone.Peak(left.AsSpan(5000 * 8)));
    }

    [Fact]
    public async Task After_a_stall_of_the_network_it_goes_on_where_it_belongs()
    {
        using var bench = new RecordingBench();
        // Two seconds come within 60 ms at the end of a stall.
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 300)
            .Select((p, i) => (i is >= 100 and < 200 ? 4_000_000L + (i - 200) * 300 : p.Arrival, p.Packet)));
        bench.Feed(RecordingChannel.Target, Impulses().Select(p => p));
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(6000));
        var (left, _) = RecordingBench.Read(stored.Location);
        Assert.InRange(stored.Late, 85, 92);
        short[] said = [.. Tone.Sine(500, 48_000).Select(s => G711.DecodeALaw(G711.EncodeALaw(s)))];
        Assert.Equal(said[..16_000], left[..16_000]);
        Assert.Equal(said[32_000..], left[32_000..]);
    }

    [Theory]
    [InlineData(150)]
    [InlineData(-150)]
    public async Task A_clock_that_runs_faster_or_slower_is_followed_without_a_click(double drift)
    {
        using var bench = new RecordingBench() { PassEvery = 1000 };
        const int Minutes = 5;
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1) { Drift = drift }.Send(0, Minutes * 3000));
        var (left, _) = RecordingBench.Read(Assert.IsType<RecordingStored>(await bench.RunAsync(Minutes * 60_000)).Location);
        // It would be 45 ms off by now: how far it is off tells where the tone ends or has ended.
        int end = Array.FindLastIndex(left, s => Math.Abs((int)s) > 500);
        double expected = Minutes * 60 * 8000 / (1 + drift / 1e6);
        Assert.InRange(end, Math.Min(expected, left.Length) - 40, Math.Min(expected, left.Length) + 40);
        // A step of a sample would be 3000 at the steepest of this tone; a sine this low goes 3140 · sin² at most from sample to sample.
        int steepest = (int)(8000 * 2 * Math.PI * 500 / 8000) + 320;
        for (int i = 1; i < end - 200; i++)
            Assert.True(Math.Abs(left[i] - left[i - 1]) <= steepest, $"A click at sample {i}: {left[i - 1]}, {left[i]}.");
        // And never a hole or two bits of one place: the second difference of a sine is small.
        double bend = 8000 * Math.Pow(2 * Math.PI * 500 / 8000, 2) + 700;
        for (int i = 2; i < end - 200; i++)
            Assert.True(Math.Abs(left[i] - 2 * left[i - 1] + left[i - 2]) <= bend, $"A click at sample {i}: {left[i - 2]}, {left[i - 1]}, {left[i]}.");
    }

    [Fact]
    public async Task A_first_packet_that_was_slow_is_made_up_for()
    {
        using var bench = new RecordingBench();
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 1500).Select((p, i) => (p.Arrival + (i == 0 ? 19_000 : 0), p.Packet)));
        var (left, _) = RecordingBench.Read(Assert.IsType<RecordingStored>(await bench.RunAsync(30_100)).Location);
        int end = Array.FindLastIndex(left, s => Math.Abs((int)s) > 500);
        Assert.InRange(end, 30_000 * 8 - 12, 30_000 * 8 + 12);
    }

    [Fact]
    public async Task What_is_said_during_a_pause_is_on_no_disk()
    {
        using var bench = new RecordingBench();
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 500).Select((p, i) => (p.Arrival + i % 3 * 15_000, p.Packet)));
        bench.Feed(RecordingChannel.Target, new SimulatedSender(AudioCodec.Opus, 900, 2).Send(0, 500));
        bench.PauseAt(3003);
        bench.ResumeAt(5007);
        bench.PauseAt(8000);
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(10_000));
        Assert.Equal([(3003.0, 5007.0), (8000.0, 10_000.0)], stored.Pauses.Select(p => (p.From.TotalMilliseconds, p.To.TotalMilliseconds)));
        var (left, right) = RecordingBench.Read(stored.Location);
        foreach (var (audio, frequency) in new[] { (left, 500), (right, 900) })
        {
            Hears(audio, frequency, 1300, 100, 2980);
            Assert.Equal(0, Tone.Peak(audio.AsSpan(3003 * 8, 2004 * 8)));
            Hears(audio, frequency, 1300, 5120, 7900);
            Assert.Equal(0, Tone.Peak(audio.AsSpan(8000 * 8)));
        }
    }

    [Fact]
    public async Task Comfort_noise_and_digits_and_codecs_that_are_not_known_are_silence()
    {
        using var bench = new RecordingBench();
        var sender = new SimulatedSender(AudioCodec.Pcma, 500, 1);
        bench.Feed(RecordingChannel.Caller, sender.Send(0, 50).ToList());
        byte[] noise = new byte[13];
        foreach (int type in new[] { 13, 101, 18 })
        {
            RtpPacket.WriteHeader(noise, type, false, sender.Sequence++, sender.Timestamp, 1);
            bench.Feed(RecordingChannel.Caller, [(1_000_000, [.. noise])]);
        }
        sender.Timestamp += 8000;
        bench.Feed(RecordingChannel.Caller, sender.Send(2000, 50).ToList());
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(3000));
        var (left, _) = RecordingBench.Read(stored.Location);
        Hears(left, 500, 900, 0, 980);
        Assert.Equal(0, Tone.Peak(left.AsSpan(8000, 8000)));
        Hears(left, 500, 900, 2000, 2980);
        Assert.Equal(0, stored.Undecodable);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_packets_come_the_recording_is_as_long_as_the_call(int seed)
    {
        using var bench = new RecordingBench();
        var random = new Random(seed);
        var packets = new SimulatedSender(AudioCodec.Opus, 500, 1).Send(0, 500).Concat(new SimulatedSender(AudioCodec.Pcma, 500, 2).Send(0, 500)).Select(p =>
        {
            byte[] packet = p.Packet;
            for (int i = random.Next(3); i > 0; i--)
                packet[random.Next(2) == 0 ? random.Next(12) : random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
            return (p.Arrival + random.Next(500_000), random.Next(20) == 0 ? packet[..random.Next(packet.Length)] : packet);
        });
        bench.Feed(RecordingChannel.Target, packets);
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(11_000));
        Assert.Equal(11_000 * 8, RecordingBench.Read(stored.Location).Right.Length);
    }

    [Fact]
    public async Task What_the_ring_has_no_room_for_is_counted_and_the_rest_has_its_place()
    {
        using var bench = new RecordingBench(s => s with { RingBytes = 16 * 1024 }) { PassEvery = 5000 };
        bench.Feed(RecordingChannel.Caller, new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 200));
        var stored = Assert.IsType<RecordingStored>(await bench.RunAsync(5000));
        Assert.InRange(stored.Dropped, 100, 130);
        var (left, _) = RecordingBench.Read(stored.Location);
        Hears(left, 500, 900, 0, (200 - (int)stored.Dropped) * 20 - 20);
    }

    [Fact]
    public void Nothing_is_allocated_a_packet_that_is_fed()
    {
        using var bench = new RecordingBench();
        byte[] packet = new SimulatedSender(AudioCodec.Pcma, 500, 1).Send(0, 1).Single().Packet;
        long before = 0;
        for (int i = 0; i < 2000; i++)
        {
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(RtpPacket.TryParse(packet, out var parsed));
            bench.Recording.Feed(RecordingChannel.Caller, parsed, 0);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.InRange(bench.Recording.Dropped, 1600, 1700);
    }

    private static IEnumerable<(long, byte[])> Impulses() => [];

    private static void Hears(short[] audio, double frequency, double other, int from, int to)
    {
        for (int at = from; at + 100 <= to; at += 100)
        {
            var part = audio.AsSpan(at * 8, 800);
            Assert.True(Tone.Amplitude(part, frequency) is > 6000 and < 10_000, $"{frequency} Hz from {at} ms on: {Tone.Amplitude(part, frequency)}");
            Assert.True(Tone.Amplitude(part, other) < 500, $"{other} Hz from {at} ms on: {Tone.Amplitude(part, other)}");
        }
    }
}
