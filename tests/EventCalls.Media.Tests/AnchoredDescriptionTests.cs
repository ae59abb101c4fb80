using System.Net;
using System.Text;
using EventCalls.Media.Sessions;

namespace EventCalls.Media.Tests;

public class AnchoredDescriptionTests
{
    private static readonly IPAddress s_ours = IPAddress.Parse("192.0.2.9");

    [Fact]
    [Trait("RFC", "3264 §5")]
    public void Address_and_port_become_ours_and_what_was_agreed_stays()
    {
        string told = Write("v=0\r\no=alice 5 6 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n", 20_000);
        Assert.Equal("v=0\r\no=alice 5 6 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 20000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n", told);
    }

    [Fact]
    [Trait("RFC", "3264 §6")]
    public void A_refused_stream_stays_refused_and_each_stream_has_its_own_port()
    {
        string told = Write("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 10.0.0.1\r\nm=video 0 RTP/AVP 96\r\nc=IN IP4 10.0.0.1\r\nm=video 4004/2 RTP/AVP 97\r\nc=IN IP4 10.0.0.2\r\n", 20_000, 0, 20_004);
        Assert.Contains("m=audio 20000 RTP/AVP 0\r\nc=IN IP4 192.0.2.9\r\nm=video 0 RTP/AVP 96\r\nc=IN IP4 192.0.2.9\r\nm=video 20004 RTP/AVP 97\r\nc=IN IP4 192.0.2.9\r\n", told);
    }

    [Fact]
    public void A_stream_that_is_not_relayed_still_goes_where_its_writer_wants_it()
    {
        string told = Write("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\nm=message 2855 TCP/MSRP *\r\na=path:msrp://10.0.0.1:2855/x;tcp\r\n", 20_000, AnchoredDescription.NotRelayed);
        Assert.Contains("c=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0\r\nm=message 2855 TCP/MSRP *\r\nc=IN IP4 10.0.0.1\r\n", told);
    }

    [Fact]
    [Trait("RFC", "8839 §4.2.1")]
    public void What_only_holds_between_two_who_talk_directly_is_left_out()
    {
        string told = Write("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\na=ice-options:trickle\r\na=group:BUNDLE 0 1\r\nm=audio 4000 RTP/AVP 0\r\na=rtcp:4001\r\na=ice-ufrag:abcd\r\na=ice-pwd:x\r\na=candidate:1 1 UDP 1 10.0.0.1 4000 typ host\r\na=end-of-candidates\r\na=rtcp-mux\r\na=mid:0\r\n", 20_000);
        Assert.EndsWith("t=0 0\r\nm=audio 20000 RTP/AVP 0\r\na=mid:0\r\n", told);
    }

    [Fact]
    [Trait("RFC", "3264 §8.4")]
    public void A_hold_of_the_old_kind_stays_one()
    {
        string told = Write("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n", 20_000);
        Assert.Contains("c=IN IP4 0.0.0.0\r\n", told);
    }

    [Fact]
    [Trait("RFC", "8866 §5.7")]
    public void An_address_of_the_other_family_is_said_to_be_one()
    {
        var description = Encoding.ASCII.GetBytes("v=0\no=- 1 1 IN IP4 10.0.0.1\ns=-\nc=IN IP4 10.0.0.1\nt=0 0\nm=audio 4000 RTP/AVP 0\n");
        string told = Encoding.ASCII.GetString(AnchoredDescription.Write(description, IPAddress.IPv6Loopback, [20_000], DescribedStream.ReadAll(description)));
        Assert.Equal("v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0\r\n", told);
    }

    [Fact]
    public void A_description_says_where_each_stream_goes()
    {
        var streams = DescribedStream.ReadAll("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\na=recvonly\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 0\r\na=rtcp:4100 IN IP4 10.0.0.1\r\nm=video 4002 RTP/AVPF 96\r\nc=IN IP6 2001:db8::1\r\na=sendrecv\r\na=rtcp-mux\r\nm=image 4004 udptl t38\r\nm=application 9 TCP/TLS/BFCP *\r\nm=audio x RTP/AVP 0\r\n"u8);
        Assert.Equal(
            [(true, true, true, "10.0.0.1", 4000, 4100, false), (true, true, false, "2001:db8::1", 4002, 4002, true), (true, false, false, "10.0.0.1", 4004, 4005, false), (false, false, false, "10.0.0.1", 9, 10, false), (false, false, false, "10.0.0.1", 0, 1, false)],
            streams.Select(s => (s.IsRelayed, s.IsRtp, s.IsAudio, s.Address!.ToString(), s.Port, s.ControlPort, s.Sends)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("m=")]
    [InlineData("m=audio")]
    [InlineData("o=")]
    [InlineData("c=\r\nm=audio 1 RTP/AVP 0\r\nc=IN\r\na=rtcp:\r\na=rtcp:99999999999")]
    public void What_is_no_description_is_written_without_a_fault(string text)
    {
        var description = Encoding.ASCII.GetBytes(text);
        var streams = DescribedStream.ReadAll(description);
        AnchoredDescription.Write(description, s_ours, new int[streams.Count], streams);
        AnchoredDescription.Write(description, s_ours, Enumerable.Repeat(20_000, streams.Count).ToArray(), streams);
    }

    private static string Write(string text, params int[] ports)
    {
        var description = Encoding.ASCII.GetBytes(text);
        return Encoding.ASCII.GetString(AnchoredDescription.Write(description, s_ours, ports, DescribedStream.ReadAll(description)));
    }
}
