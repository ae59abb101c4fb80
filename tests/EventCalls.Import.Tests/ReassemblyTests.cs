using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Testing;

namespace EventCalls.Import.Tests;

public class ReassemblyTests
{
    private static readonly byte[] s_invite = Message("INVITE sip:+15557654321@192.0.2.10 SIP/2.0\r\n", "INVITE", "", "v=0\r\n" + new string('x', 3_000));
    private static readonly byte[] s_busy = Message("SIP/2.0 486 Busy Here\r\n", "INVITE", ";tag=tt", "");

    public static TheoryData<string, int[]> Orders => new()
    {
        { "in order", [0, 1, 2, 3] }, { "reversed", [3, 2, 1, 0] }, { "mixed and repeated", [2, 0, 0, 3, 2, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Fragments_are_put_together_in_any_order_over_IPv4_and_IPv6(string order, int[] sequence)
    {
        Assert.NotEmpty(order);
        foreach (var (from, to) in new[] { (WireCall.Carrier, WireCall.Us), (IPEndPoint.Parse("[2001:db8::1]:5060"), IPEndPoint.Parse("[2001:db8::2]:5060")) })
        {
            byte[] udp = Frames.Udp(from.Port, to.Port, s_invite);
            var capture = CaptureBytes.Pcap();
            foreach (int i in sequence)
                capture.Packet(Frames.Link(1, Fragment(from, to, udp, i * 880, Math.Min(880, udp.Length - (i * 880)))));
            var (_, calls, problems) = Reading.CallsOf(capture.Bytes);

            Assert.Equal(3_005, ((CallStarted)Assert.Single(calls)[0]).OfferedMedia!.Length);
            Assert.Equal(0, problems.Count);
        }
    }

    [Fact]
    public void Overlapping_fragments_keep_what_came_first()
    {
        byte[] udp = Frames.Udp(5060, 5060, s_invite);
        byte[] other = [.. udp];
        Array.Fill(other, (byte)'Y', 1_000, 600);
        var capture = CaptureBytes.Pcap()
            .Packet(Frames.Link(1, Fragment(WireCall.Carrier, WireCall.Us, udp, 0, 1_600)))
            .Packet(Frames.Link(1, Fragment(WireCall.Carrier, WireCall.Us, other, 800, udp.Length - 800)));
        var (_, calls, _) = Reading.CallsOf(capture.Bytes);

        Assert.DoesNotContain('Y', ((CallStarted)Assert.Single(calls)[0]).OfferedMedia!);
    }

    [Fact]
    public void A_packet_that_lacks_a_fragment_is_named_and_floods_of_them_are_bounded()
    {
        byte[] udp = Frames.Udp(5060, 5060, s_invite);
        var capture = CaptureBytes.Pcap();
        for (int i = 0; i < 6_000; i++)
            capture.Packet(Frames.Link(1, Fragment(WireCall.Carrier, WireCall.Us, udp, 0, 800, (ushort)i)));
        new WireCall(capture).After(1).Simple();
        var (_, calls, problems) = Reading.CallsOf(capture.Bytes);

        Assert.Single(calls);
        Assert.Equal(6_000, problems.Count);
        Assert.Contains("lacks fragments", problems.Listed[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(5_000)]
    public void A_stream_is_cut_into_messages_wherever_its_segments_are_cut(int size)
    {
        var tcp = new Wire().Syn();
        tcp.Sends([.. s_invite, .. "\r\n\r\n"u8, .. Message("OPTIONS sip:a@b SIP/2.0\r\n", "OPTIONS", "", ""), .. Message("CANCEL sip:+15557654321@192.0.2.10 SIP/2.0\r\n", "CANCEL", "", "")], size);
        tcp.Answers(s_busy);
        var (_, calls, problems) = Reading.CallsOf(tcp.Bytes);

        var call = Assert.Single(calls);
        Assert.Equal("tcp", ((CallStarted)call[0]).Transport);
        Assert.Equal(CallEndCause.Cancelled, ((CallEnded)call[^1]).Cause);
        Assert.Equal(0, problems.Count);
    }

    [Fact]
    public void Segments_out_of_order_repeated_and_overlapping_make_the_same_stream_also_where_numbers_wrap()
    {
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            var tcp = new Wire(uint.MaxValue - (uint)random.Next(4_000)).Syn();
            byte[] bytes = [.. s_invite, .. Message("CANCEL sip:+15557654321@192.0.2.10 SIP/2.0\r\n", "CANCEL", "", "")];
            var pieces = new List<(int Start, int End)>();
            for (int at = 0; at < bytes.Length;)
            {
                int end = Math.Min(bytes.Length, at + random.Next(50, 900));
                pieces.Add((Math.Max(0, at - random.Next(120)), end));
                at = end;
            }
            foreach (var (start, end) in pieces.Concat(pieces.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()))
                tcp.At(start, bytes[start..end]);
            var (_, calls, problems) = Reading.CallsOf(tcp.Bytes);

            Assert.Equal(3_005, ((CallStarted)Assert.Single(calls)[0]).OfferedMedia!.Length);
            Assert.Equal(CallEndCause.Cancelled, ((CallEnded)calls[0][^1]).Cause);
            Assert.Equal(0, problems.Count);
        }
    }

    [Fact]
    public void A_stream_whose_beginning_was_not_captured_is_read_from_its_next_message_on()
    {
        var tcp = new Wire();
        tcp.Sends(Encoding.ASCII.GetBytes("=PCMU/8000\r\na=sendrecv\r\n"), 100);
        tcp.Sends(s_invite, 1_000);
        var (_, calls, problems) = Reading.CallsOf(tcp.Bytes);

        Assert.Single(calls);
        Assert.Equal(0, problems.Count);
    }

    [Fact]
    public void A_segment_that_was_never_captured_loses_its_message_alone()
    {
        var tcp = new Wire().Syn();
        byte[] lost = Message("OPTIONS sip:a@b SIP/2.0\r\n", "OPTIONS", "", new string('o', 2_000));
        tcp.Sends(lost[..1_000], 1_000);
        tcp.Skips(lost.Length - 1_000);
        tcp.Sends(s_invite, 1_000);
        tcp.Sends(Message("CANCEL sip:+15557654321@192.0.2.10 SIP/2.0\r\n", "CANCEL", "", ""), 1_000);
        var (_, calls, problems) = Reading.CallsOf(tcp.Bytes);

        Assert.Equal(CallEndCause.Cancelled, ((CallEnded)Assert.Single(calls)[^1]).Cause);
        Assert.Contains("bytes were not captured", Assert.Single(problems.Listed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_without_a_length_is_named_and_the_next_one_is_read()
    {
        var tcp = new Wire().Syn();
        tcp.Sends(s_invite, 5_000);
        tcp.Sends(Encoding.ASCII.GetBytes("OPTIONS sip:a@b SIP/2.0\r\nCall-ID: y\r\n\r\n"), 5_000);
        tcp.Sends(Message("CANCEL sip:+15557654321@192.0.2.10 SIP/2.0\r\n", "CANCEL", "", ""), 5_000);
        var (_, calls, problems) = Reading.CallsOf(tcp.Bytes);

        Assert.Equal(CallEndCause.Cancelled, ((CallEnded)Assert.Single(calls)[^1]).Cause);
        Assert.Contains("Content-Length", Assert.Single(problems.Listed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_of_something_else_are_passed_over_and_the_same_ports_can_be_SIP_later()
    {
        var tcp = new Wire().Syn();
        tcp.Sends([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], 100);
        tcp.Sends([.. Enumerable.Repeat((byte)'\n', 100)], 10);
        tcp.Syn(77);
        tcp.Sends(s_invite, 1_000);
        var (_, calls, problems) = Reading.CallsOf(tcp.Bytes);

        Assert.Single(calls);
        Assert.Equal(0, problems.Count);
    }

    private static byte[] Fragment(IPEndPoint from, IPEndPoint to, byte[] udp, int start, int length, ushort id = 7) =>
        Frames.Ip(from.Address, to.Address, 17, udp[start..(start + length)], id, start, start + length < udp.Length);

    private static byte[] Message(string start, string method, string toTag, string body) => Encoding.ASCII.GetBytes(
        $"{start}Via: SIP/2.0/TCP h;branch=z9hG4bK1\r\nFrom: <sip:+15551234567@a>;tag=f\r\nTo: <sip:1@b>{toTag}\r\nCall-ID: x\r\nCSeq: 1 {method}\r\n"
        + (body.Length > 0 ? "Content-Type: application/sdp\r\n" : "") + $"Content-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>One direction of a TCP connection on the wire.</summary>
    private sealed class Wire(uint sequence = 1_000)
    {
        private readonly CaptureBytes _capture = CaptureBytes.Pcap();
        private uint _first = sequence;
        private uint _next = sequence;
        private double _now;

        public byte[] Bytes => _capture.Bytes;

        public Wire Syn(uint? anew = null)
        {
            if (anew is { } number)
                _first = _next = number;
            Add(_next - 1, [], 0x02);
            return this;
        }

        public void Sends(byte[] bytes, int size)
        {
            foreach (byte[] piece in bytes.Chunk(size))
            {
                Add(_next, piece, 0x18);
                _next += (uint)piece.Length;
            }
        }

        public void At(int offset, byte[] bytes) => Add(_first + (uint)offset, bytes, 0x18);

        public void Skips(int bytes) => _next += (uint)bytes;

        public void Answers(byte[] bytes) =>
            _capture.Packet(Frames.Link(1, Frames.Ip(WireCall.Us.Address, WireCall.Carrier.Address, 6, Frames.Tcp(5060, 40_000, 1, bytes))), _now += 0.001);

        private void Add(uint number, byte[] bytes, byte flags) =>
            _capture.Packet(Frames.Link(1, Frames.Ip(WireCall.Carrier.Address, WireCall.Us.Address, 6, Frames.Tcp(40_000, 5060, number, bytes, flags))), _now += 0.001);
    }
}
