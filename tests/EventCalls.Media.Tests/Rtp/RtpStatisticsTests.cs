using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests.Rtp;

public class RtpStatisticsTests
{
    private readonly RtpStatistics _statistics = new(8000);

    [Fact]
    [Trait("RFC", "3550 §6.4.1")]
    public void A_stream_without_faults_has_lost_nothing_over_the_end_of_its_sequence_numbers()
    {
        for (int i = 0; i < 70_000; i++)
            Receive(65_000 + i, i);
        Assert.Equal((70_000L, 70_000L, 0L, 0L, 0L, 0u), (_statistics.Packets, _statistics.Expected, _statistics.Lost, _statistics.Duplicates, _statistics.Reordered, _statistics.Jitter));
        Assert.Equal(65_000u + 69_999, _statistics.ExtendedHighest);
        Assert.Equal(70_000 * 160L, _statistics.Bytes);
    }

    [Fact]
    [Trait("RFC", "3550 §6.4.1")]
    public void What_did_not_come_is_lost_and_what_came_late_or_twice_is_not()
    {
        foreach (int i in new[] { 0, 1, 2, 5, 4, 6, 6, 4, 7, 10 })
            Receive(65_534 + i, i);
        Assert.Equal((11L, 3L, 2L, 1L), (_statistics.Expected, _statistics.Lost, _statistics.Duplicates, _statistics.Reordered));
        Assert.Equal(3.0 / 11, _statistics.LossRate, 6);
    }

    [Fact]
    public void One_that_came_before_the_first_was_sent_too()
    {
        foreach (int i in new[] { 11, 10, 12 })
            Receive(i, i);
        Assert.Equal((3L, 0L, 1L), (_statistics.Expected, _statistics.Lost, _statistics.Reordered));
    }

    [Fact]
    public void A_sender_that_begins_anew_is_counted_on_and_no_loss()
    {
        for (int i = 0; i < 10; i++)
            Receive(100 + i, i);
        for (int i = 0; i < 10; i++)
            Receive(30_000 + i, 10 + i);
        Assert.Equal((20L, 20L, 0L, 1, 0L), (_statistics.Packets, _statistics.Expected, _statistics.Lost, _statistics.Restarts, _statistics.Strays));
        for (int i = 0; i < 10; i++)
            Receive(7 + i, i, ssrc: 2);
        Assert.Equal((30L, 0L, 2, 2u), (_statistics.Expected, _statistics.Lost, _statistics.Restarts, _statistics.Ssrc));
    }

    [Fact]
    public void A_single_packet_far_off_is_a_stray()
    {
        Receive(1, 0);
        Receive(40_000, 1);
        Receive(2, 2);
        Receive(3, 3);
        Assert.Equal((3L, 0L, 1L, 0), (_statistics.Expected, _statistics.Lost, _statistics.Strays, _statistics.Restarts));
    }

    [Fact]
    [Trait("RFC", "3550 §6.4.1, §8")]
    public void Jitter_is_what_appendix_A_8_makes_of_it()
    {
        double expected = 0;
        var random = new Random(5);
        long before = 0;
        for (int i = 0; i < 500; i++)
        {
            long delay = random.Next(0, 40_000) / 125 * 125;
            _statistics.Receive(1, (ushort)i, (uint)(i * 160), 160, i * 20_000L + delay);
            if (i > 0)
                expected += (Math.Abs(delay - before) / 125.0 - expected) / 16;
            before = delay;
        }
        Assert.Equal(expected, _statistics.JitterMilliseconds * 8, 6);
        Assert.InRange(_statistics.JitterMilliseconds, 8, 20);
    }

    [Fact]
    public void A_new_base_of_timestamps_and_packets_of_events_are_no_jitter()
    {
        for (int i = 0; i < 20; i++)
            _statistics.Receive(1, (ushort)i, (uint)(i * 160), 160, i * 20_000L);
        for (int i = 20; i < 30; i++)
            _statistics.Receive(1, (ushort)i, 20 * 160, 4, i * 20_000L, timed: false);
        for (int i = 30; i < 50; i++)
            _statistics.Receive(1, (ushort)i, (uint)(900_000_000 + i * 160), 160, i * 20_000L);
        Assert.Equal(0u, _statistics.Jitter);
    }

    [Fact]
    public void Nothing_is_allocated_a_packet()
    {
        long before = 0;
        for (int i = 0; i < 2000; i++)
        {
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
            Receive(i, i);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Loss_in_bursts_sounds_worse_than_as_much_by_chance()
    {
        var bursts = new RtpStatistics(8000);
        for (int i = 0; i < 1000; i++)
        {
            if (i % 20 != 7)
                Receive(i, i);
            if (i % 200 is < 50 or >= 60)
                bursts.Receive(1, (ushort)i, (uint)(i * 160), 160, i * 20_000L);
        }
        Assert.Equal(_statistics.LossRate, bursts.LossRate, 2);
        Assert.Equal(1, _statistics.BurstRatio, 1);
        Assert.InRange(bursts.BurstRatio, 9, 10);
        Assert.True(bursts.Quality(CodecImpairment.G711, null).R < _statistics.Quality(CodecImpairment.G711, null).R);
    }

    [Fact]
    public void Whatever_numbers_come_the_counts_stay_sane()
    {
        var random = new Random(17);
        for (int i = 0; i < 200_000; i++)
        {
            int sequence = random.Next(4) == 0 ? random.Next(65_536) : i;
            _statistics.Receive((uint)random.Next(1000) / 999, (ushort)sequence, (uint)random.NextInt64(uint.MaxValue), random.Next(200), random.NextInt64(1_000_000_000_000));
            Assert.InRange(_statistics.Lost, 0, _statistics.Expected);
            Assert.InRange(_statistics.LossRate, 0, 1);
            Assert.True(double.IsFinite(_statistics.JitterMilliseconds));
        }
        Assert.InRange(_statistics.Quality(CodecImpairment.G711, null).MosListening, 1, 4.5);
    }

    private void Receive(int sequence, int tick, uint ssrc = 1) => _statistics.Receive(ssrc, (ushort)sequence, (uint)(tick * 160), 160, tick * 20_000L);
}
