using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;

namespace EventCalls.Sip.Tests.Sdp;

public sealed class SdpViewTests
{
    [Fact]
    public void The_first_audio_stream_is_seen_with_its_own_address()
    {
        var view = View("v=0\r\no=- 1 2 IN IP4 h\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=video 5000 RTP/AVP 31\r\nc=IN IP4 192.0.2.3\r\nm=audio 4000/2 RTP/AVP 8 101\r\nc=IN IP4 192.0.2.2/127\r\nm=audio 6000 RTP/AVP 0\r\nc=IN IP4 192.0.2.4\r\na=inactive\r\n");

        Assert.Equal(4000, view.AudioPort);
        Assert.Equal("192.0.2.2", SipText.Get(view.ConnectionAddress));
        Assert.Equal("8 101", SipText.Get(view.AudioFormats));
        Assert.Equal("- 1 2 IN IP4 h", SipText.Get(view.Origin));
        Assert.Equal(SdpDirection.SendRecv, view.Direction);
    }

    [Theory]
    [InlineData("a=sendonly\r\n", "", SdpDirection.SendOnly, true)]
    [InlineData("", "a=sendonly\r\n", SdpDirection.SendOnly, true)]
    [InlineData("", "a=inactive\r\n", SdpDirection.Inactive, true)]
    [InlineData("a=inactive\r\n", "a=recvonly\r\n", SdpDirection.RecvOnly, false)]
    [InlineData("a=inactive\r\n", "a=sendrecv\r\n", SdpDirection.SendRecv, false)]
    [InlineData("c=IN IP4 0.0.0.0\r\n", "", SdpDirection.SendRecv, true)]
    [InlineData("", "", SdpDirection.SendRecv, false)]
    [Trait("RFC", "3264 §8.4")]
    public void Hold_is_seen(string session, string media, SdpDirection direction, bool isHold)
    {
        var view = View($"v=0\r\n{session}m=audio 4000 RTP/AVP 0\r\n{media}");

        Assert.Equal(direction, view.Direction);
        Assert.Equal(isHold, view.IsHold);
    }

    [Fact]
    public void A_description_without_audio_has_no_port()
    {
        Assert.Equal(-1, View("v=0\r\nm=video 5000 RTP/AVP 31\r\n").AudioPort);
        Assert.Equal(0, View("v=0\r\nm=audio 0 RTP/AVP 0\r\n").AudioPort);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m=audio 4000 RTP/AVP 0\r\n")]
    [InlineData("v=2\r\n")]
    public void What_is_no_description_is_refused(string text) => Assert.False(SdpView.TryParse(Encoding.UTF8.GetBytes(text), out _));

    private static SdpView View(string text)
    {
        Assert.True(SdpView.TryParse(Encoding.UTF8.GetBytes(text), out var view));
        return view;
    }
}
