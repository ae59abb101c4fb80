using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests.Rtp;

[Trait("RFC", "4733 §2.5")]
public class TelephoneEventTests
{
    private readonly TelephoneEventReader _reader = new(8000);
    private readonly List<TelephoneEvent> _ended = [];
    private ushort _sequence;
    private long _now = 1_000_000;

    [Fact]
    public void A_digit_of_many_packets_is_one_digit()
    {
        Digit(5, 8000, [160, 320, 480, 640, 800], ends: 3);
        Assert.Equal([new TelephoneEvent(5, 100, true)], _ended);
        Assert.Equal('5', _ended[0].Digit);
    }

    [Fact]
    public void All_digits_are_told_apart()
    {
        for (byte code = 0; code < 17; code++)
            Digit(code, 1000u * code, [160, 400], ends: 3);
        Assert.Equal("0123456789*#ABCD", string.Concat(_ended.Take(16).Select(e => e.Digit)));
        Assert.Null(_ended[16].Digit);
        Assert.Equal((11, 12, -1), (TelephoneEvent.CodeOf('#'), TelephoneEvent.CodeOf('a'), TelephoneEvent.CodeOf('x')));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_three_ends_one_is_enough_whichever_it_is(int lost)
    {
        Digit(1, 8000, [160, 320], ends: 0);
        for (int end = 0; end < 3; end++)
        {
            if (end == lost)
                Send(1, true, 480, 8000);
        }
        Assert.Equal([new TelephoneEvent(1, 60, true)], _ended);
    }

    [Fact]
    public void A_digit_whose_ends_are_lost_ends_with_the_next_one()
    {
        Digit(1, 8000, [160, 320], ends: 0);
        Digit(1, 16_000, [160, 320], ends: 1);
        Assert.Equal([new TelephoneEvent(1, 40, false), new TelephoneEvent(1, 40, true)], _ended);
    }

    [Fact]
    public void A_digit_of_which_nothing_more_comes_ends_after_200_ms()
    {
        Digit(9, 8000, [160, 320], ends: 0);
        Assert.False(_reader.TryExpire(_now + 100_000, out _));
        Assert.True(_reader.IsRunning);
        Assert.True(_reader.TryExpire(_now + 200_000, out var ended));
        Assert.Equal(new TelephoneEvent(9, 40, false), ended);
        Assert.False(_reader.TryExpire(_now + 900_000, out _));
        // And an end that comes after all is of the same digit.
        Send(9, true, 480, 8000);
        Assert.Empty(_ended);
    }

    [Fact]
    public void A_digit_of_which_only_an_end_came_is_a_digit()
    {
        Send(3, true, 800, 8000);
        Send(3, true, 800, 8000);
        Assert.Equal([new TelephoneEvent(3, 100, true)], _ended);
    }

    [Fact]
    public void Packets_of_an_earlier_digit_that_come_late_are_no_digit()
    {
        Digit(1, 8000, [160, 320], ends: 1);
        Digit(2, 9000, [160, 320], ends: 0);
        Send(1, true, 320, 8000);
        Send(2, false, 160, 9000);
        Send(2, true, 480, 9000);
        Assert.Equal([new TelephoneEvent(1, 40, true), new TelephoneEvent(2, 60, true)], _ended);
    }

    [Fact]
    [Trait("RFC", "4733 §2.5.1.3")]
    public void An_event_longer_than_its_field_is_one_event()
    {
        Digit(7, 8000, [30_000, 65_535], ends: 0);
        Digit(7, 8000 + 65_535, [160, 14_465], ends: 3);
        Assert.Equal([new TelephoneEvent(7, 10_000, true)], _ended);
    }

    [Fact]
    [Trait("RFC", "4733 §2.5.1.5")]
    public void Events_that_follow_each_other_may_lie_in_one_packet()
    {
        Packet(8000, [1, 0x8A, 1, 0x90, 2, 0x8A, 1, 0x90, 3, 0x0A, 0, 0xA0], 1);
        Send(3, true, 400, 8800);
        Assert.Equal(["1", "2", "3"], _ended.Select(e => $"{e.Digit}"));
        Assert.All(_ended, e => Assert.Equal(50, e.Milliseconds));
    }

    [Fact]
    public void Durations_are_those_of_the_clock()
    {
        var reader = new TelephoneEventReader(48_000);
        Span<TelephoneEvent> ended = new TelephoneEvent[TelephoneEventReader.MostAtOnce];
        Assert.True(RtpPacket.TryParse(Bytes(1, 0, [4, 0x8A, 0x12, 0xC0], 1), out var packet));
        Assert.Equal(1, reader.Read(packet, 0, ended));
        Assert.Equal(100, ended[0].Milliseconds);
    }

    [Fact]
    public void Another_sender_begins_anew()
    {
        Digit(1, 0x9000_0000, [160, 320], ends: 0);
        Packet(500, [1, 0x8A, 1, 0x40], ssrc: 2);
        Assert.Equal([new TelephoneEvent(1, 40, false), new TelephoneEvent(1, 40, true)], _ended);
    }

    [Theory]
    [InlineData(20, 40)]
    [InlineData(100, 100)]
    [InlineData(250, 250)]
    [InlineData(60_000, 8000)]
    public void A_digit_that_was_written_is_read_with_its_length(int asked, int milliseconds)
    {
        var writer = new TelephoneEventWriter(11, asked, 8000, 101, 7, 5000);
        Span<byte> packet = new byte[TelephoneEventWriter.PacketLength];
        var written = new List<(bool Marker, bool End)>();
        while (writer.Next(packet, _sequence) is var length and > 0)
        {
            Assert.True(RtpPacket.TryParse(packet[..length], out var read));
            Assert.Equal((101, 7u, 5000u), (read.PayloadType, read.Ssrc, read.Timestamp));
            written.Add((read.Marker, (read.Payload[1] & 0x80) != 0));
            Read(packet[..length]);
            _sequence++;
        }
        Assert.Equal([new TelephoneEvent(11, milliseconds, true)], _ended);
        Assert.Equal(3, written.Count(w => w.End));
        Assert.Equal([true, .. Enumerable.Repeat(false, written.Count - 1)], written.Select(w => w.Marker));
        Assert.Equal((uint)milliseconds * 8, writer.Ticks);
    }

    [Fact]
    public void Whatever_comes_nothing_is_thrown_and_no_more_is_told_than_was_sent()
    {
        var random = new Random(3);
        for (int i = 0; i < 50_000; i++)
        {
            var payload = new byte[random.Next(60)];
            random.NextBytes(payload);
            int before = _ended.Count;
            Packet((uint)random.NextInt64(uint.MaxValue), payload, (uint)random.Next(2));
            Assert.InRange(_ended.Count - before, 0, payload.Length / 4 + 1);
        }
    }

    private void Digit(byte code, uint start, int[] durations, int ends)
    {
        foreach (int duration in durations)
            Send(code, false, duration, start);
        for (int i = 0; i < ends; i++)
            Send(code, true, durations[^1], start);
    }

    private void Send(byte code, bool end, int duration, uint start) =>
        Packet(start, [code, (byte)(end ? 0x8A : 0x0A), (byte)(duration >> 8), (byte)duration], 1);

    private void Packet(uint start, byte[] payload, uint ssrc) => Read(Bytes(_sequence++, start, payload, ssrc));

    private void Read(ReadOnlySpan<byte> bytes)
    {
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        Span<TelephoneEvent> ended = new TelephoneEvent[TelephoneEventReader.MostAtOnce];
        int count = _reader.Read(packet, _now, ended);
        _ended.AddRange(ended[..count].ToArray());
    }

    private static byte[] Bytes(ushort sequence, uint timestamp, byte[] payload, uint ssrc)
    {
        var bytes = new byte[RtpPacket.HeaderLength + payload.Length];
        RtpPacket.WriteHeader(bytes, 101, false, sequence, timestamp, ssrc);
        payload.CopyTo(bytes, RtpPacket.HeaderLength);
        return bytes;
    }
}
