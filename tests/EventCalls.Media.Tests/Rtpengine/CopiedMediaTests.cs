using System.Net;
using System.Text;
using EventCalls.Media.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Media.Tests.Rtpengine;

/// <summary>Copies that an engine sends: what is taken of what it offers, and what is heard in it.</summary>
public sealed class CopiedMediaTests : IDisposable
{
    private const string Head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n";

    private readonly MediaRelay _relay = new(0, new MediaPorts(34_500, 34_559), 0, TimeProvider.System, NullLogger.Instance);

    public void Dispose() => _relay.Dispose();

    [Fact]
    [Trait("RFC", "3264 §6")]
    public void The_first_audio_is_taken_in_all_of_its_formats_and_nothing_else()
    {
        var leg = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        byte[]? answer = leg.TakeCopy(Encoding.ASCII.GetBytes(Head + "m=audio 4000 RTP/AVP 111 0 9 101\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\na=rtcp:4001\r\n"
            + "m=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=sendonly\r\nm=audio 4004 RTP/AVP 0\r\na=sendonly\r\n"));
        string[] lines = Encoding.ASCII.GetString(answer!).Split("\r\n");
        Assert.Matches(@"^m=audio 345\d\d RTP/AVP 111 0 9 101$", lines[5]);
        Assert.Equal(["a=rtpmap:111 opus/48000/2", "a=rtpmap:101 telephone-event/8000", "a=recvonly", ""], lines[6..]);
        leg.Close();
    }

    [Theory]
    [InlineData("m=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n", "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")]
    [InlineData("m=video 0 RTP/AVP 96\r\na=rtpmap:96 /0\r\n", "m=video 0 RTP/AVP 96\r\n")]
    public void What_is_before_the_audio_is_refused_as_an_engine_takes_it(string video, string refused)
    {
        var leg = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        string answer = Encoding.ASCII.GetString(leg.TakeCopy(Encoding.ASCII.GetBytes(Head + video + "m=audio 4000 RTP/AVP 0\r\na=sendonly\r\n"))!);
        Assert.Contains("t=0 0\r\n" + refused + "m=audio 345", answer, StringComparison.Ordinal);
        leg.Close();
    }

    [Fact]
    public void Where_there_is_no_audio_nothing_is_taken()
    {
        var leg = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        Assert.Null(leg.TakeCopy(Encoding.ASCII.GetBytes(Head + "m=audio 0 RTP/AVP 0\r\n")));
        leg.Close();
    }

    [Fact]
    [Trait("RFC", "3264 §5.1, 4733 §2.5")]
    public async Task Digits_have_the_numbers_that_the_side_was_told()
    {
        var pressed = new TaskCompletionSource<char>();
        var leg = _relay.Open(IPAddress.Loopback, IPAddress.Loopback, onDigit: (digit, _) => pressed.TrySetResult(digit));
        string answer = Encoding.ASCII.GetString(leg.TakeCopy(Encoding.ASCII.GetBytes(Head + "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n"))!);
        leg.Number(Encoding.ASCII.GetBytes(Head + "m=audio 5000 RTP/AVP 0 97\r\na=rtpmap:97 telephone-event/8000\r\n"));
        int port = int.Parse(answer.Split("m=audio ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        using var engine = new Peer();
        for (ushort i = 0; i < 5; i++)
        {
            var packet = Peer.Packet(i)[..16];
            (packet[1], packet[12], packet[13], packet[14], packet[15]) = (97, 7, (byte)(i >= 2 ? 0x8a : 0x0a), (byte)((i + 1) * 160 >> 8), (byte)((i + 1) * 160));
            (packet[4], packet[5], packet[6], packet[7]) = (0, 0, 1, 0);
            await engine.Rtp.SendToAsync(packet, new IPEndPoint(IPAddress.Loopback, port));
        }
        Assert.Equal('7', await pressed.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        leg.Close();
    }
}
