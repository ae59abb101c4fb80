using System.Text;
using EventCalls.Media.Sessions;

namespace EventCalls.Media.Tests;

/// <summary>Which formats a peer is offered and answered.</summary>
public sealed class FormatTermsTests
{
    private const string Digits = "a=rtpmap:101 telephone-event/8000\r\n";
    private const string Opus = "a=rtpmap:111 opus/48000/2\r\n";

    [Theory]
    [InlineData("0 8 101", Digits, true, false, "0 8 101 111 96", "a=rtpmap:111 opus/48000/2|a=rtpmap:96 telephone-event/48000")]
    [InlineData("0 8 101", Digits, false, true, "0 8 101", "")]
    [InlineData("0", "", false, true, "0 101", "a=rtpmap:101 telephone-event/8000|a=fmtp:101 0-15")]
    [InlineData("0", "", false, false, "0", "")]
    [InlineData("18", "", true, false, "18", "")]
    [InlineData("111", "a=rtpmap:111 PCMA/8000\r\n", true, false, "111 0 96", "a=rtpmap:0 PCMU/8000|a=rtpmap:96 opus/48000/2")]
    [Trait("RFC", "3264 §5.1")]
    public void An_offer_is_enlarged_by_what_can_be_made_of_it(string formats, string maps, bool transcodes, bool takesInfo, string told, string lines)
    {
        var terms = new FormatTerms { Transcodes = transcodes };
        string written = Told(terms, Description(formats, maps), takesInfo);
        Assert.Contains($"m=audio 4000 RTP/AVP {told}\r\n", written, StringComparison.Ordinal);
        foreach (string line in lines.Split('|', StringSplitOptions.RemoveEmptyEntries))
            Assert.Contains($"{line}\r\n", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 8", "", "0", "", true, false, "0")]
    [InlineData("111", Opus, "0", "", true, false, "111")]
    [InlineData("111 101", Opus + Digits, "0 101", Digits, true, false, "111 101")]
    [InlineData("111 8", Opus, "0", "", true, false, "8")]
    [InlineData("111", Opus, "0 96", "a=rtpmap:96 opus/48000/2\r\n", true, false, "96")]
    [InlineData("111", Opus, "0", "", false, false, "0")]
    [InlineData("111", Opus, "18", "", true, false, "18")]
    [InlineData("0 101", Digits, "0", "", false, true, "0 101")]
    [InlineData("0 101", Digits, "0", "", false, false, "0")]
    [InlineData("0", "", "0 101", Digits, false, true, "0")]
    [Trait("RFC", "3264 §6.1")]
    public void An_answer_names_what_was_offered_or_what_is_made_of_what_was_taken(string offered, string offeredMaps, string answered, string maps, bool transcodes, bool takesInfo, string told)
    {
        var terms = new FormatTerms { Transcodes = transcodes };
        terms.Heard(DescribedStream.ReadAll(Description(offered, offeredMaps)));
        Assert.Contains($"m=audio 4000 RTP/AVP {told}\r\n", Told(terms, Description(answered, maps), takesInfo), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_out_leaves_nothing_that_is_said_of_it_and_a_second_stream_stays_as_it_is()
    {
        var terms = new FormatTerms { Transcodes = true };
        terms.Heard(DescribedStream.ReadAll(Description("111", Opus + "m=video 5000 RTP/AVP 99\r\na=rtpmap:99 VP8/90000\r\n")));
        string written = Told(terms, Description("0 18", "a=fmtp:18 annexb=no\r\na=rtcp-fb:18 nack\r\na=ptime:20\r\nm=video 5000 RTP/AVP 99\r\na=rtpmap:99 VP8/90000\r\na=fmtp:99 x\r\n"), false);
        Assert.EndsWith("m=audio 4000 RTP/AVP 111\r\na=ptime:20\r\na=rtpmap:111 opus/48000/2\r\nm=video 5000 RTP/AVP 99\r\na=rtpmap:99 VP8/90000\r\na=fmtp:99 x\r\n", written, StringComparison.Ordinal);
    }

    private static string Told(FormatTerms terms, byte[] description, bool takesInfo) =>
        Encoding.ASCII.GetString(terms.Told(description, DescribedStream.ReadAll(description), takesInfo));

    private static byte[] Description(string formats, string maps) =>
        Encoding.ASCII.GetBytes($"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP {formats}\r\n{maps}");
}
