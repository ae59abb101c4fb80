using System.Text;
using EventCalls.Sip.Sdp;

namespace EventCalls.Sip.Tests.Sdp;

public sealed class SdpMatchTests
{
    private const string Head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
    private const string Audio = "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";
    private const string Opus = "m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n";
    private const string Video = "m=video 4002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n";

    [Theory]
    [InlineData(Audio, "m=audio 5000 RTP/AVP 8\r\n", null)]
    [InlineData(Opus, "m=audio 5000 RTP/AVP 111\r\na=rtpmap:111 OPUS/48000/2\r\n", null)]
    [InlineData(Audio + Video, "m=audio 5000 RTP/AVP 0\r\nm=video 0 RTP/AVP 97\r\n", null)]
    [InlineData(Audio + Video, "m=audio 0 RTP/AVP 0\r\nm=video 5002 RTP/AVP 97\r\n", null)]
    [InlineData("m=image 4004 udptl t38\r\n", "m=image 5004 udptl t38\r\n", null)]
    [InlineData(Audio, "m=audio 5000 RTP/AVP 18\r\n", "it has no codec that was offered")]
    [InlineData(Audio, "m=audio 5000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n", "it has no codec that was offered")]
    [InlineData(Opus, "m=audio 5000 RTP/AVP 96\r\na=rtpmap:96 iLBC/8000\r\n", "it has no codec that was offered")]
    [InlineData(Audio, "m=audio 0 RTP/AVP 0\r\n", "it refuses every stream")]
    [InlineData(Audio + Video, "m=audio 5000 RTP/AVP 0\r\n", "it has 1 streams where 2 were offered")]
    [InlineData(Audio, "m=audio 5000 RTP/AVP 0\r\nm=video 0 RTP/AVP 97\r\n", "it has 2 streams where 1 were offered")]
    [InlineData(Audio + Video, "m=video 5002 RTP/AVP 97\r\nm=audio 5000 RTP/AVP 0\r\n", "its stream 1 is video where audio was offered")]
    [InlineData(Audio, "m=audio x\r\n", "its stream 1 cannot be read")]
    [InlineData(Audio, "m=audio 5000 RTP/SAVP 0\r\n", "its stream 1 is RTP/SAVP where RTP/AVP was offered")]
    [InlineData(Audio, "m=audio 5000 RTP/AVPF 0\r\n", null)]
    [InlineData("m=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n", "m=audio 5000 RTP/AVP 0\r\n", "its stream 1 is RTP/AVP where UDP/TLS/RTP/SAVPF was offered")]
    [Trait("RFC", "3264 §6")]
    public void An_answer_fits_when_one_stream_comes_about(string offer, string answer, string? why) =>
        Assert.Equal(why, SdpMatch.WhyNot(Encoding.ASCII.GetBytes(Head + offer), Encoding.ASCII.GetBytes(Head + answer)));

    [Fact]
    [Trait("RFC", "8866 §5.7")]
    public void An_answer_that_says_no_address_cannot_be_sent_to()
    {
        const string Bare = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";
        Assert.Equal("it says no address (c=)", SdpMatch.WhyNot(Encoding.ASCII.GetBytes(Head + Audio), Encoding.ASCII.GetBytes(Bare + "m=audio 5000 RTP/AVP 0\r\n")));
        Assert.Null(SdpMatch.WhyNot(Encoding.ASCII.GetBytes(Head + Audio), Encoding.ASCII.GetBytes(Bare + "m=audio 5000 RTP/AVP 0\r\nc=IN IP4 192.0.2.9\r\n")));
    }

    [Fact]
    public void What_is_no_description_is_no_answer_and_an_offer_that_is_none_says_nothing()
    {
        Assert.Equal("it is no session description", SdpMatch.WhyNot(Encoding.ASCII.GetBytes(Head + Audio), "hello"u8));
        Assert.Null(SdpMatch.WhyNot("hello"u8, Encoding.ASCII.GetBytes(Head + Audio)));
    }
}
