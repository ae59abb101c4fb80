using System.Text;
using EventCalls.Sip.Sdp;

namespace EventCalls.Sip.Tests.Sdp;

public sealed class SdpAnswerTests
{
    private const string Session = "v=0\r\no=alice 2890844526 2890844526 IN IP4 host.anywhere.com\r\ns=\r\nc=IN IP4 host.anywhere.com\r\nt=0 0\r\n";

    [Fact]
    [Trait("RFC", "3264 §6")]
    public void The_first_audio_stream_is_accepted_inactive_and_the_others_are_refused()
    {
        // The offer of RFC 3264 §10.1.
        var answer = Answer(Session +
            "m=audio 49170 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n" +
            "m=video 51372 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\n" +
            "m=video 53000 RTP/AVP 32\r\na=rtpmap:32 MPV/90000\r\n");

        Assert.Equal(
            "v=0\r\no=- 7 8 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" +
            "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=inactive\r\n" +
            "m=video 0 RTP/AVP 31\r\nm=video 0 RTP/AVP 32\r\n",
            answer);
    }

    [Fact]
    [Trait("RFC", "3264 §6")]
    public void Streams_are_answered_in_the_order_of_the_offer()
    {
        var answer = Answer(Session + "m=video 51372 RTP/AVP 31\r\nm=audio 49170 RTP/AVP 8\r\nm=audio 49180 RTP/AVP 0\r\nm=image 5000 udptl t38\r\n");

        Assert.Equal(["m=video 0 RTP/AVP 31", "m=audio 9 RTP/AVP 8", "m=audio 0 RTP/AVP 0", "m=image 0 udptl t38"], MediaLines(answer));
    }

    [Fact]
    [Trait("RFC", "3264 §6")]
    public void The_time_of_the_offer_is_the_time_of_the_answer()
    {
        var answer = Answer(Session.Replace("t=0 0", "t=2873397496 2873404696", StringComparison.Ordinal) + "m=audio 49170 RTP/AVP 0\r\n");

        Assert.Contains("\r\nt=2873397496 2873404696\r\n", answer);
    }

    [Fact]
    [Trait("RFC", "3264 §6.1")]
    public void A_dynamic_codec_keeps_its_number_and_parameters_and_the_events_of_its_clock()
    {
        var answer = Answer(Session +
            "m=audio 49170 RTP/AVP 96 111 101 110\r\na=rtpmap:96 wonder/8000\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\n" +
            "a=rtpmap:101 telephone-event/8000\r\na=rtpmap:110 telephone-event/48000\r\na=fmtp:110 0-15\r\n");

        Assert.EndsWith(
            "m=audio 9 RTP/AVP 111 110\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\na=rtpmap:110 telephone-event/48000\r\na=fmtp:110 0-15\r\na=inactive\r\n",
            answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "8843 §7.3.3")]
    public void Bundles_and_secure_streams_are_refused()
    {
        var answer = Answer(Session +
            "a=group:BUNDLE a b\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:a\r\na=rtpmap:111 opus/48000/2\r\n" +
            "m=audio 4000 RTP/SAVP 0\r\nm=audio 4002/2 RTP/AVP 0\r\na=mid:b\r\n");

        Assert.DoesNotContain("BUNDLE", answer, StringComparison.Ordinal);
        Assert.Equal(["m=audio 0 UDP/TLS/RTP/SAVPF 111", "m=audio 0 RTP/SAVP 0", "m=audio 9 RTP/AVP 0"], MediaLines(answer));
    }

    [Fact]
    [Trait("RFC", "4585 §4.1")]
    public void Feedback_is_accepted_as_offered() =>
        Assert.Equal(["m=audio 9 RTP/AVPF 8"], MediaLines(Answer(Session + "m=audio 4000 RTP/AVPF 8\r\n")));

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("v=1\r\nm=audio 4000 RTP/AVP 0\r\n")]
    [InlineData("v=0\r\n")]
    [InlineData("v=0\r\nm=audio 0 RTP/AVP 0\r\n")]
    [InlineData("v=0\r\nm=audio 4000 RTP/SAVP 0\r\n")]
    [InlineData("v=0\r\nm=audio 99999 RTP/AVP 0\r\n")]
    [InlineData("v=0\r\nm=audio 4000 RTP/AVP\r\n")]
    [InlineData("v=0\r\nm=audio\r\n")]
    [InlineData("v=0\r\nm=")]
    [InlineData("v=0\r\nm=audio 4000 RTP/AVP 96\r\na=rtpmap:96 wonder/8000\r\n")]
    public void An_offer_that_cannot_be_accepted_is_not(string offer) =>
        Assert.False(SdpAnswer.TryInactive(Encoding.UTF8.GetBytes(offer), "192.0.2.1", 1, 1, out _));

    [Fact]
    [Trait("RFC", "4566 §5.7")]
    public void An_IPv6_address_is_written_as_IP6()
    {
        Assert.True(SdpAnswer.TryInactive("v=0\nm=audio 4000 RTP/AVP 0\n"u8, "2001:db8::1", 1, 1, out var answer));

        Assert.Contains("c=IN IP6 2001:db8::1\r\n", Encoding.UTF8.GetString(answer));
    }

    [Fact]
    public void A_name_is_no_local_address() =>
        Assert.Throws<ArgumentException>(() => SdpAnswer.Offer("example.com\r\na=x", 1, 1));

    [Fact]
    [Trait("RFC", "3264 §5")]
    public void Our_own_offer_can_be_answered_by_ourselves()
    {
        var offer = SdpAnswer.Offer("192.0.2.1", 1, 1);

        Assert.True(SdpView.TryParse(offer, out var view));
        Assert.Equal(SdpDirection.Inactive, view.Direction);
        Assert.Equal(SdpAnswer.DiscardPort, view.AudioPort);
        Assert.True(SdpAnswer.TryInactive(offer, "192.0.2.2", 1, 1, out var answer));
        Assert.EndsWith(
            "m=audio 9 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=inactive\r\n",
            Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
    }

    private static string Answer(string offer)
    {
        Assert.True(SdpAnswer.TryInactive(Encoding.UTF8.GetBytes(offer), "192.0.2.1", 7, 8, out var answer));
        return Encoding.UTF8.GetString(answer);
    }

    private static string[] MediaLines(string description) => [.. description.Split("\r\n").Where(line => line.StartsWith("m=", StringComparison.Ordinal))];
}
