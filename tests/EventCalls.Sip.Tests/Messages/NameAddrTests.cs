using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Tests.Messages;

public sealed class NameAddrTests
{
    [Theory]
    [InlineData("\"A. G. Bell\" <sip:agb@bell-telephone.com> ;tag=a48s", "\"A. G. Bell\"", "sip:agb@bell-telephone.com", "a48s")]
    [InlineData("sip:+12125551212@server.phone2net.com;tag=887s", "", "sip:+12125551212@server.phone2net.com", "887s")]
    [InlineData("Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8", "Anonymous", "sip:c8oqz84zk7z@privacy.org", "hyh8")]
    [InlineData("<sip:a@b;tag=inner>;x;Tag=outer", "", "sip:a@b;tag=inner", "outer")]
    [InlineData("\"<sip:fake@x>;tag=1\" <sip:real@x>;tag=2", "\"<sip:fake@x>;tag=1\"", "sip:real@x", "2")]
    [InlineData("\"a\\\"b\" <sip:a@b>;note=\"x;tag=9\";tag=3", "\"a\\\"b\"", "sip:a@b", "3")]
    [InlineData("  <sip:a@b>  ", "", "sip:a@b", "")]
    [Trait("RFC", "3261 §20.20")]
    public void An_address_is_taken_apart(string text, string display, string uri, string tag)
    {
        Assert.True(NameAddr.TryParse(Encoding.UTF8.GetBytes(text), out var address));

        Assert.Equal(display, SipText.Get(address.DisplayName));
        Assert.Equal(uri, SipText.Get(address.Uri));
        Assert.Equal(tag, SipText.Get(address.Tag));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("*")]
    [InlineData("<>")]
    [InlineData("<sip:a@b")]
    [InlineData("\"open <sip:a@b>")]
    [InlineData("\"name\" sip:a@b")]
    [InlineData("name \"x\" <sip:a@b>")]
    [InlineData("<sip:a@b> junk")]
    [InlineData("no-scheme")]
    [InlineData("sip:a@b?x=y")]
    [InlineData("<sip:a b@c>")]
    public void A_broken_address_is_refused(string text) => Assert.False(NameAddr.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_quoted_parameter_comes_without_its_quotes()
    {
        Assert.True(NameAddr.TryParse("<sip:a@b>;+sip.instance=\"<urn:uuid:1>\""u8, out var address));

        Assert.True(address.TryGetParameter("+sip.instance"u8, out var value));
        Assert.Equal("<urn:uuid:1>", SipText.Get(value));
    }
}
