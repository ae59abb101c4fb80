using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Testing;

namespace EventCalls.Import.Tests;

public class TunnelTests
{
    private static readonly IPEndPoint s_carrier = IPEndPoint.Parse("[2001:db8::1]:5060");
    private static readonly IPEndPoint s_us = IPEndPoint.Parse("[2001:db8::2]:5060");

    public static TheoryData<string> Names => [.. Wrappings.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_call_is_read_in_every_wrapping(string name)
    {
        var wrap = Wrappings.All[name];
        var capture = CaptureBytes.Pcap().Packet(wrap(Invite())).Packet(wrap(Busy()), 1);
        var (_, calls, problems) = Reading.CallsOf(capture.Bytes);

        Assert.Empty(problems.Listed);
        var call = Assert.Single(calls);
        Assert.Equal("192.0.2.1:5060", ((CallStarted)call[0]).RemoteEndPoint);
        Assert.Equal(486, ((CallEnded)call[^1]).Status);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_every_wrapping_a_packet_that_is_cut_anywhere_is_read_without_an_exception(string name)
    {
        byte[] whole = Wrappings.All[name](Invite());
        for (int length = 0; length < whole.Length; length += 3)
        {
            var (_, calls, problems) = Reading.CallsOf(CaptureBytes.Pcap().Packet(whole, snapLength: length).Bytes);
            Assert.InRange(calls.Count, 0, 1);
            Assert.InRange(problems.Count, 0, 1);
        }
    }

    [Theory]
    [InlineData(false, 17, "udp")]
    [InlineData(true, 17, "udp")]
    [InlineData(false, 6, "tcp")]
    public void A_message_of_a_capture_agent_has_the_ends_and_the_time_that_the_agent_saw(bool isPacked, byte protocol, string transport)
    {
        foreach (var (from, to) in (ReadOnlySpan<(IPEndPoint, IPEndPoint)>)[(WireCall.Carrier, WireCall.Us), (s_carrier, s_us)])
        {
            var seen = CaptureBytes.Start.AddSeconds(-2.5);
            var capture = CaptureBytes.Pcap()
                .Packet(Wrappings.Hep(from, to, Message("INVITE sip:1@b SIP/2.0\r\n", ""), seen, isPacked, protocol))
                .Packet(Wrappings.Hep(to, from, Message("SIP/2.0 486 Busy\r\n", ";tag=t"), seen.AddSeconds(1), isPacked, protocol), 1);
            var (_, calls, problems) = Reading.CallsOf(capture.Bytes);

            Assert.Equal(0, problems.Count);
            var started = (CallStarted)Assert.Single(calls)[0];
            Assert.Equal((from.ToString(), transport, seen), (started.RemoteEndPoint, started.Transport, started.OccurredAt));
        }
    }

    [Fact]
    public void What_is_packed_into_itself_without_end_is_named_and_ends()
    {
        byte[] ip = Invite();
        for (int i = 0; i < 200; i++)
            ip = Frames.Ip(WireCall.Carrier.Address, WireCall.Us.Address, 4, ip);
        byte[] frame = Wrappings.Frame(Invite());
        for (int i = 0; i < 200; i++)
            frame = [.. frame[..12], 0x88, 0x47, 0, 2, 1, 64, 0, 0, 0, 0, .. frame];
        byte[] tags = [.. frame[..12], .. Enumerable.Repeat((byte[])[0x81, 0x00, 0x00, 0x01], 100).SelectMany(t => t), 8, 0, .. Invite()];
        var (_, calls, problems) = Reading.CallsOf(CaptureBytes.Pcap().Packet(Wrappings.Frame(ip)).Packet(frame).Packet(tags).Bytes);

        Assert.Empty(calls);
        Assert.Contains("3 packets with more than 16 packed into one another", Assert.Single(problems.Listed).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> Unreadable => new()
    {
        { "encrypted with IPsec", Wrappings.Outer(50, new byte[100]) },
        { "encrypted with IPsec", Wrappings.OuterUdp(4500, [.. Enumerable.Repeat((byte)7, 100)]) },
        { "encrypted with MACsec", [.. new byte[12], 0x88, 0xE5, .. new byte[60]] },
        { "SIP over TLS", Frames.Link(1, Frames.Ip(WireCall.Carrier.Address, WireCall.Us.Address, 6, Frames.Tcp(40_000, 5061, 1, [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]))) },
        { "IP protocol 132 (SCTP)", Wrappings.Outer(132, Message("INVITE sip:1@b SIP/2.0\r\n", "")) },
        { "UDP port 7777", Wrappings.OuterUdp(7777, [9, 9, 9, 9, .. Message("INVITE sip:1@b SIP/2.0\r\n", "")]) },
        { "TCP port 80 ", Frames.Link(1, Frames.Ip(WireCall.Carrier.Address, WireCall.Us.Address, 6, Frames.Tcp(40_000, 80, 1, [0x82, 0x7E, 1, 0, .. Message(" SIP/2.0 200 OK\r\n", "")]))) },
        { "EtherType 0x1234", [.. new byte[12], 0x12, 0x34, .. Invite()] },
        { "frames of a wireless network", Wrappings.OuterUdp(37008, [1, 0, 0, 18, 1, 8, 0, 0, 0]) },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_may_hold_calls_and_cannot_be_read_is_named_once_and_is_not_taken_for_read(string words, byte[] frame)
    {
        await using var imported = new Imported();
        var result = await imported.ImportAsync(CaptureBytes.Pcap().Packet(frame).Packet(frame, 1).Packet(frame, 2).Bytes);

        var problem = Assert.Single(result.Problems.Listed);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.StartsWith("3 packets ", problem.Message, StringComparison.Ordinal);
        Assert.False(result.Files[0].WasRead);
    }

    [Theory]
    [InlineData(0x0806)]
    [InlineData(0x88CC)]
    [InlineData(0x0026)]
    [InlineData(0x9000)]
    public async Task What_never_carries_a_call_is_not_named_beside_one(int type)
    {
        await using var imported = new Imported();
        var capture = CaptureBytes.Pcap().Packet([.. new byte[12], (byte)(type >> 8), (byte)type, .. new byte[46]]);
        new WireCall(capture).Simple();
        capture.Packet(Wrappings.Outer(1, [3, 3, 0, 0, 0, 0, 0, 0, .. Invite()])).Packet(Wrappings.Outer(89, new byte[44]));
        var result = await imported.ImportAsync(capture.Bytes);

        Assert.Equal((1L, 0L), (result.Imported, result.Problems.Count));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(104)]
    [InlineData(109)]
    [InlineData(117)]
    [InlineData(192)]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(219)]
    [InlineData(239)]
    public void A_call_is_read_behind_the_links_of_taps_and_firewalls(int linkType)
    {
        byte[] Link(byte[] ip) => linkType switch
        {
            9 => [0xFF, 3, 0, 0x21, .. ip],
            50 => [0, 0x21, .. ip],
            51 => [0x11, 0, 0, 1, (byte)((ip.Length + 2) >> 8), (byte)(ip.Length + 2), 0, 0x21, .. ip],
            104 => [0x0F, 0, 8, 0, .. ip],
            109 => [.. new byte[12], .. ip],
            117 => [61, .. new byte[63], .. ip],
            192 => [0, 0, 8, 0, 1, 0, 0, 0, .. Wrappings.Frame(ip)],
            204 => [1, 0xFF, 3, 0, 0x21, .. ip],
            205 => [1, 0x0F, 0, 8, 0, .. ip],
            219 => [0, 2, 1, 64, .. ip],
            _ => [2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 0, 3, (byte)(ip.Length + 4), (byte)((ip.Length + 4) >> 8), 9, 0, .. ip],
        };
        var (_, calls, problems) = Reading.CallsOf(CaptureBytes.Pcap(linkType).Packet(Link(Invite())).Packet(Link(Busy()), 1).Bytes);

        Assert.Equal((1, 0L), (calls.Count, problems.Count));
    }

    [Fact]
    public void Thousands_of_mutations_of_wrapped_packets_are_read_without_an_exception()
    {
        var random = new Random(20261128);
        byte[][] frames = [.. Wrappings.All.Values.Select(wrap => wrap(Invite())), Wrappings.Hep(WireCall.Carrier, WireCall.Us, Message("INVITE sip:1@b SIP/2.0\r\n", ""), CaptureBytes.Start, true)];
        for (int round = 0; round < 300; round++)
        {
            var capture = random.Next(2) == 0 ? CaptureBytes.Pcap() : CaptureBytes.Pcapng().Interface(1);
            foreach (byte[] frame in frames)
            {
                byte[] bytes = [.. frame];
                // What matters lies before the message.
                for (int changes = random.Next(1, 6); changes > 0; changes--)
                    bytes[random.Next(random.Next(8) == 0 ? bytes.Length : Math.Min(bytes.Length, 120))] = (byte)random.Next(256);
                capture.Packet(bytes, round, snapLength: random.Next(4) == 0 ? random.Next(bytes.Length) : int.MaxValue);
            }
            var (packets, calls, _) = Reading.Of(capture.Bytes);
            Assert.Equal(frames.Length, packets);
            Assert.InRange(calls, 0, frames.Length);
        }
    }

    internal static byte[] Invite() => Packet("INVITE sip:1@b SIP/2.0\r\n", WireCall.Carrier, WireCall.Us, "");

    internal static byte[] Busy() => Packet("SIP/2.0 486 Busy\r\n", WireCall.Us, WireCall.Carrier, ";tag=t");

    internal static byte[] Message(string start, string toTag) => Encoding.ASCII.GetBytes(
        $"{start}Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:+15551234567@a>;tag=f\r\nTo: <sip:1@b>{toTag}\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");

    private static byte[] Packet(string start, IPEndPoint from, IPEndPoint to, string toTag) =>
        Frames.Ip(from.Address, to.Address, 17, Frames.Udp(from.Port, to.Port, Message(start, toTag)));
}
