using System.Text;
using EventCalls.Contracts;
using EventCalls.Testing;

namespace EventCalls.Import.Tests;

/// <summary>Captures with a snapshot length: of each packet the beginning only.</summary>
public class CutCaptureTests
{
    private static readonly string s_body = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n" + new string('a', 300);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_capture_is_one_problem_that_says_how_much_was_captured(bool isPcapng)
    {
        await using var imported = new Imported();
        var capture = isPcapng ? CaptureBytes.Pcapng().Interface(1) : CaptureBytes.Pcap();
        int whole = Datagram("0@x", s_body).Length;
        for (int i = 0; i < 50; i++)
        {
            capture.Packet(Datagram($"{i}@x", s_body), i, snapLength: 300);
        }
        var result = await imported.ImportAsync(capture.Bytes);

        Assert.Equal((50L, 50L), (result.Files[0].Messages, result.Imported));
        var problem = Assert.Single(result.Problems.Listed);
        Assert.Contains($"300 of {whole} bytes captured", problem.Message, StringComparison.Ordinal);
        Assert.Contains("49 more", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(90)]
    [InlineData(120)]
    [InlineData(200)]
    public async Task A_capture_of_which_no_header_is_whole_is_one_problem_too_and_not_taken_for_read(int snapLength)
    {
        await using var imported = new Imported();
        var capture = CaptureBytes.Pcap();
        for (int i = 0; i < 50; i++)
            capture.Packet(Datagram($"{i}@x", s_body), i, snapLength: snapLength);
        var result = await imported.ImportAsync(capture.Bytes);

        Assert.Equal(0, result.Calls);
        Assert.Contains($"{snapLength} of", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
        Assert.False(result.Files[0].WasRead);
    }

    [Fact]
    public async Task Media_that_is_cut_is_no_problem_where_the_calls_are_whole()
    {
        await using var imported = new Imported();
        var capture = CaptureBytes.Pcap();
        new WireCall(capture).Simple();
        byte[] media = Frames.Link(1, Frames.Ip(WireCall.Carrier.Address, WireCall.Us.Address, 17, Frames.Udp(4000, 4002, [0x80, .. new byte[500]])));
        for (int i = 0; i < 10; i++)
            capture.Packet(media, 2, snapLength: 100);
        var result = await imported.ImportAsync(capture.Bytes);

        Assert.Equal((1L, 0L), (result.Imported, result.Problems.Count));
    }

    [Fact]
    public async Task Over_TCP_too_what_was_not_captured_costs_its_message_alone()
    {
        await using var imported = new Imported();
        var capture = CaptureBytes.Pcap();
        uint sequence = 1;
        double now = 0;
        for (int i = 0; i < 20; i++)
        {
            // A header as a whole, and a body of which the end is cut off; then one that is whole.
            Send(Message("INVITE", $"{i}@x", s_body), 420);
            Send(Message("CANCEL", $"{i}@x", ""), int.MaxValue);
        }
        var result = await imported.ImportAsync(capture.Bytes);

        Assert.Equal((20L, 40L), (result.Imported, result.Files[0].Messages));
        Assert.Contains("19 more", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
        Assert.All(await imported.CallsAsync(), call => Assert.Equal(CallEndCause.Cancelled, ((CallEnded)call[^1]).Cause));

        void Send(byte[] message, int snapLength)
        {
            capture.Packet(Frames.Link(1, Frames.Ip(WireCall.Carrier.Address, WireCall.Us.Address, 6, Frames.Tcp(40_000, 5060, sequence, message))), now += 1, snapLength: snapLength);
            sequence += (uint)message.Length;
        }
    }

    [Fact]
    public async Task Fragments_that_are_cut_are_put_together_as_far_as_they_go()
    {
        await using var imported = new Imported();
        byte[] udp = Frames.Udp(5060, 5060, Message("INVITE", "x@x", s_body + new string('b', 2_000)));
        var capture = CaptureBytes.Pcap();
        for (int at = 0; at < udp.Length; at += 1_200)
        {
            byte[] part = udp[at..Math.Min(udp.Length, at + 1_200)];
            capture.Packet(Frames.Link(1, Frames.Ip(WireCall.Carrier.Address, WireCall.Us.Address, 17, part, 7, at, at + part.Length < udp.Length)), snapLength: 600);
        }
        var result = await imported.ImportAsync(capture.Bytes);

        Assert.Equal(1, result.Imported);
        Assert.Contains("bytes captured", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', ((CallStarted)(await imported.CallAsync())[0]).OfferedMedia!);
    }

    private static byte[] Datagram(string callId, string body) =>
        Frames.Link(1, Frames.Ip(WireCall.Carrier.Address, WireCall.Us.Address, 17, Frames.Udp(5060, 5060, Message("INVITE", callId, body))));

    private static byte[] Message(string method, string callId, string body) => Encoding.ASCII.GetBytes(
        $"{method} sip:+15557654321@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{callId}\r\nFrom: <sip:+15551234567@a>;tag=f\r\nTo: <sip:1@b>\r\nCall-ID: {callId}\r\nCSeq: 1 {method}\r\n"
        + $"Content-Type: application/sdp\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
