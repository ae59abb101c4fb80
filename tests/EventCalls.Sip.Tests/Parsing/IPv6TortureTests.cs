using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;
using EventCalls.Sip.Sdp;

namespace EventCalls.Sip.Tests.Parsing;

public sealed class IPv6TortureTests
{
    private const string Rest = "To: sip:user@example.com\nFrom: sip:user@example.com;tag=81x2\nVia: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111\nCall-ID: SSG9559905523997077@hlau_4100\nMax-Forwards: 70\nContact: \"Caller\" <sip:caller@[2001:db8::1]>\nCSeq: 98176 REGISTER\nContent-Length: 0\n\n";

    [Fact]
    [Trait("RFC", "5118 §4.1")]
    public void An_IPv6_reference_is_understood()
    {
        var message = Torture.Accept("REGISTER sip:[2001:db8::10] SIP/2.0\n" + Rest);

        var uri = Torture.Uri(message.RequestUri);
        Assert.True(uri.IsIPv6);
        Assert.Equal("2001:db8::10", SipText.Get(uri.Host));
        Assert.Equal(-1, uri.Port);
        Assert.Equal("[2001:db8::9:1]", SipText.Get(message.ViaSentBy));
        Assert.Equal("2001:db8::1", SipText.Get(Torture.Uri(Torture.Address(message.Header(HeaderId.Contact)).Uri).Host));
    }

    [Fact]
    [Trait("RFC", "5118 §4.2")]
    public void An_IPv6_address_without_brackets_is_refused() =>
        Torture.Refuse("REGISTER sip:2001:db8::10 SIP/2.0\n" + Rest, SipParseError.BadUri, canRespond: true);

    [Theory]
    [InlineData("sip:[2001:db8::10:5070]", "2001:db8::10:5070", -1)]
    [InlineData("sip:[2001:db8::10]:5070", "2001:db8::10", 5070)]
    [Trait("RFC", "5118 §4.3, §4.4")]
    public void The_port_stands_after_the_bracket(string text, string host, int port)
    {
        var uri = Torture.Uri(Encoding.UTF8.GetBytes(text));

        Assert.Equal(host, SipText.Get(uri.Host));
        Assert.Equal(port, uri.Port);
    }

    [Theory]
    [InlineData("[2001:db8::9:255]")]
    [InlineData("2001:db8::9:255")]
    [Trait("RFC", "5118 §4.5")]
    public void A_received_parameter_is_understood_with_and_without_brackets(string received)
    {
        var message = Torture.Accept($"BYE sip:[2001:db8::10] SIP/2.0\nTo: sip:user@example.com;tag=bd76ya\nFrom: sip:user@example.com;tag=81x2\nVia: SIP/2.0/UDP [2001:db8::9:1];received={received};branch=z9hG4bKas3-111\nCall-ID: SSG9559905523997077@hlau_4100\nMax-Forwards: 70\nCSeq: 321 BYE\nContent-Length: 0\n\n");

        Assert.True(ViaField.TryParse(message.TopVia, out var via));
        Assert.Equal("2001:db8::9:1", SipText.Get(via.Host));
        Assert.True(via.TryGetParameter("received"u8, out var value));
        Assert.Equal(received, SipText.Get(value));
        Assert.Equal("z9hG4bKas3-111", SipText.Get(message.ViaBranch));
    }

    [Fact]
    [Trait("RFC", "5118 §4.6")]
    public void An_IPv6_address_in_a_session_description_is_understood()
    {
        Assert.True(SdpView.TryParse("v=0\r\no=assistant 971731711378798081 0 IN IP6 2001:db8::20\r\ns=Live video feed for today's meeting\r\nc=IN IP6 2001:db8::20\r\nt=3338481189 3370017201\r\nm=audio 6000 RTP/AVP 2\r\na=rtpmap:2 G726-32/8000\r\n"u8, out var view));

        Assert.Equal("2001:db8::20", SipText.Get(view.ConnectionAddress));
        Assert.Equal(6000, view.AudioPort);
    }

    [Fact]
    [Trait("RFC", "5118 §4.7")]
    public void Both_address_families_may_stand_in_Via()
    {
        var message = Torture.Accept("REGISTER sip:user@host.example.com SIP/2.0\nVia: SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144\nVia: SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200\n" + Rest);

        var hosts = new List<string>();
        foreach (var value in message.Values(HeaderId.Via))
        {
            Assert.True(ViaField.TryParse(value, out var via));
            hosts.Add($"{SipText.Get(via.Host)} {via.Port} {via.IsIPv6}");
        }
        Assert.Equal(["2001:db8::9:1 6050 True", "192.0.2.1 -1 False", "2001:db8::9:255 -1 True", "2001:db8::9:1 -1 True"], hosts);
    }

    [Fact]
    [Trait("RFC", "5118 §4.9")]
    public void An_IPv4_mapped_address_is_understood()
    {
        Assert.True(ViaField.TryParse("SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19"u8, out var via));

        Assert.Equal("::ffff:192.0.2.10", SipText.Get(via.Host));
        Assert.Equal(19823, via.Port);
    }

    [Theory]
    [InlineData("sip:user@[2001:db8:::192.0.2.1]")]
    [InlineData("sip:user@[2001:db8::192.0.2.1]")]
    [Trait("RFC", "5118 §4.10")]
    public void The_third_colon_of_the_old_grammar_is_tolerated(string uri) =>
        Assert.Equal("user", SipText.Get(Torture.Uri(Encoding.UTF8.GetBytes(uri)).User));

    [Theory]
    [InlineData("sip:[2001:db8::10")]
    [InlineData("sip:[]")]
    [InlineData("sip:[example.com]")]
    [InlineData("sip:[2001:db8::10]5070")]
    [InlineData("sip:[2001:db8::10]:x")]
    public void A_broken_reference_is_refused(string uri) => Assert.False(SipUri.TryParse(Encoding.UTF8.GetBytes(uri), out _));
}
