using System.IO.Compression;
using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Testing;

namespace EventCalls.Import.Tests;

public class CaptureFormatTests
{
    public static TheoryData<int, bool> Links => new()
    {
        { 0, false }, { 108, false }, { 1, false }, { 1, true }, { 113, false }, { 113, true }, { 276, false }, { 276, true }, { 101, false }, { 12, false }, { 228, false },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public async Task A_call_is_read_behind_every_link(int linkType, bool withTags)
    {
        await using var imported = new Imported();
        var udp = new CaptureBytesBuilder(linkType, withTags);
        var result = await imported.ImportAsync(udp.Pcap());

        Assert.Equal((1L, 0L), (result.Imported, result.Problems.Count));
        Assert.Equal("+15551234567", ((CallStarted)(await imported.CallAsync())[0]).CallerNumber);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(113)]
    [InlineData(276)]
    [InlineData(229)]
    public async Task A_call_over_IPv6_is_read_behind_extension_headers(int linkType)
    {
        await using var imported = new Imported();
        var (from, to) = (IPEndPoint.Parse("[2001:db8::1]:5060"), IPEndPoint.Parse("[2001:db8::2]:5060"));
        var wire = new WireCall(CaptureBytes.Pcap(linkType), linkType).Request(from, to, "INVITE").Response(to, from, "486 Busy Here");
        await imported.ImportAsync(wire.Bytes);

        Assert.Equal("[2001:db8::1]:5060", ((CallStarted)(await imported.CallAsync())[0]).RemoteEndPoint);
    }

    [Theory]
    [InlineData(false, false, 10)]
    [InlineData(false, true, 1)]
    [InlineData(true, false, 10)]
    [InlineData(true, true, 1)]
    public async Task A_pcap_is_read_in_both_byte_orders_and_to_the_tick(bool isBigEndian, bool isNano, int ticks)
    {
        await using var imported = new Imported();
        var capture = CaptureBytes.Pcap(1, isBigEndian, isNano);
        new WireCall(capture).After(0.1234567).Simple();
        await imported.ImportAsync(capture.Bytes);

        var expected = CaptureBytes.Start.AddTicks(1_234_567 / ticks * ticks);
        Assert.Equal(expected, (await imported.CallAsync())[0].OccurredAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pcapng_is_read_in_both_byte_orders(bool isBigEndian)
    {
        await using var imported = new Imported();
        var capture = CaptureBytes.Pcapng(isBigEndian).Interface(1).Block(0x0BAD, [1, 2, 3]);
        new WireCall(capture).Simple();
        var result = await imported.ImportAsync(capture.Bytes);

        Assert.Equal(("pcapng", 4L, 4L), (result.Files[0].Format, result.Files[0].Packets, result.Files[0].Messages));
        Assert.Equal(CaptureBytes.Start, (await imported.CallAsync())[0].OccurredAt);
    }

    [Fact]
    public async Task Sections_and_interfaces_of_other_links_and_clocks_are_kept_apart()
    {
        await using var imported = new Imported();
        byte[] invite = Ip("INVITE sip:1@b SIP/2.0\r\n", "1 INVITE", WireCall.Carrier, WireCall.Us, "");
        byte[] busy = Ip("SIP/2.0 486 Busy\r\n", "1 INVITE", WireCall.Us, WireCall.Carrier, ";tag=t");
        var capture = CaptureBytes.Pcapng()
            .Interface(147).Interface(1, resolution: 9)
            .Packet(Frames.Link(1, invite), 1.5, onInterface: 1, unitsPerSecond: 1_000_000_000)
            .Section()
            .Interface(113, resolution: 0x8A)
            .Packet(Frames.Link(113, busy), 2.5, unitsPerSecond: 1024);
        var result = await imported.ImportAsync(capture.Bytes);

        var call = await imported.CallAsync();
        Assert.Equal(CaptureBytes.Start.AddSeconds(1.5), call[0].OccurredAt);
        Assert.Equal(CaptureBytes.Start.AddSeconds(2.5), call[^1].OccurredAt);
        Assert.Equal(0, result.Problems.Count);
    }

    [Fact]
    public async Task Simple_packets_have_the_time_of_the_packet_before_and_that_is_said()
    {
        await using var imported = new Imported();
        byte[] invite = Frames.Link(1, Ip("INVITE sip:1@b SIP/2.0\r\n", "1 INVITE", WireCall.Carrier, WireCall.Us, ""));
        byte[] busy = Frames.Link(1, Ip("SIP/2.0 486 Busy\r\n", "1 INVITE", WireCall.Us, WireCall.Carrier, ";tag=t"));
        var capture = CaptureBytes.Pcapng().Interface(1).Packet(invite, 3).Block(3, [.. BitConverter.GetBytes(busy.Length), .. busy]);
        var result = await imported.ImportAsync(capture.Bytes);

        Assert.Equal(CaptureBytes.Start.AddSeconds(3), (await imported.CallAsync())[^1].OccurredAt);
        Assert.Contains("no time of their own", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_capture_is_read_and_one_that_is_cut_off_as_far_as_it_goes()
    {
        await using var imported = new Imported();
        var capture = CaptureBytes.Pcap();
        var wire = new WireCall(capture);
        for (int i = 0; i < 200; i++)
            wire.Simple($"{i}@carrier", $"+1555{Random.Shared.Next(1_000_000, 9_999_999)}");
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(capture.Bytes);
        var half = packed.ToArray()[..(int)(packed.Length / 2)];

        var cut = await imported.ImportAsync(half);
        Assert.InRange(cut.Imported, 20, 180);
        var whole = await imported.ImportAsync(packed.ToArray());
        Assert.Equal((200L, 800L), (whole.Calls, whole.Files[0].Packets));
    }

    [Fact]
    public async Task A_link_that_cannot_be_read_is_said_once()
    {
        await using var imported = new Imported();
        var result = await imported.ImportAsync(new WireCall(CaptureBytes.Pcap(105), 105).Simple().Bytes);

        Assert.Equal((4L, 0L), (result.Files[0].Packets, result.Calls));
        Assert.Contains("802.11", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_SIP_is_no_message_and_a_capture_of_nothing_else_is_named()
    {
        await using var imported = new Imported();
        var wire = new WireCall(CaptureBytes.Pcap())
            .Datagram(WireCall.Carrier, WireCall.Us, Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
            .Datagram(WireCall.Carrier, WireCall.Us, [0x80, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
            .Datagram(WireCall.Carrier, WireCall.Us, "\r\n\r\n"u8.ToArray())
            .Datagram(WireCall.Carrier, WireCall.Us, []);
        var result = await imported.ImportAsync(wire.Bytes);

        Assert.Equal((4L, 0L), (result.Files[0].Packets, result.Files[0].Messages));
        Assert.Contains("no SIP message was found in its 4 packets", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
        Assert.False(result.Files[0].WasRead);
    }

    private static byte[] Ip(string start, string cseq, IPEndPoint from, IPEndPoint to, string toTag) => Frames.Ip(from.Address, to.Address, 17, Frames.Udp(from.Port, to.Port, Encoding.ASCII.GetBytes(
        $"{start}Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:+15551234567@a>;tag=f\r\nTo: <sip:1@b>{toTag}\r\nCall-ID: x\r\nCSeq: {cseq}\r\nContent-Length: 0\r\n\r\n")));

    private sealed class CaptureBytesBuilder(int linkType, bool withTags)
    {
        public byte[] Pcap() => CaptureBytes.Pcap(linkType)
            .Packet(Frames.Link(linkType, Ip("INVITE sip:1@b SIP/2.0\r\n", "1 INVITE", WireCall.Carrier, WireCall.Us, ""), withTags))
            .Packet(Frames.Link(linkType, Ip("SIP/2.0 486 Busy\r\n", "1 INVITE", WireCall.Us, WireCall.Carrier, ";tag=t"), withTags), 1)
            .Bytes;
    }
}
