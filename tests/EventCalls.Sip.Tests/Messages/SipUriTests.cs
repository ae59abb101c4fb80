using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Tests.Messages;

public sealed class SipUriTests
{
    [Theory]
    [InlineData("sip:alice@atlanta.com", UriScheme.Sip, "alice", "atlanta.com", -1, "", "")]
    [InlineData("sip:alice:secretword@atlanta.com;transport=tcp", UriScheme.Sip, "alice", "atlanta.com", -1, "transport=tcp", "")]
    [InlineData("sips:alice@atlanta.com?subject=project%20x&priority=urgent", UriScheme.Sips, "alice", "atlanta.com", -1, "", "subject=project%20x&priority=urgent")]
    [InlineData("sip:+1-212-555-1212:1234@gateway.com;user=phone", UriScheme.Sip, "+1-212-555-1212", "gateway.com", -1, "user=phone", "")]
    [InlineData("sip:alice@192.0.2.4:5061", UriScheme.Sip, "alice", "192.0.2.4", 5061, "", "")]
    [InlineData("sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com", UriScheme.Sip, "", "atlanta.com", -1, "method=REGISTER", "to=alice%40atlanta.com")]
    [InlineData("sip:alice;day=tuesday@atlanta.com", UriScheme.Sip, "alice;day=tuesday", "atlanta.com", -1, "", "")]
    [InlineData("SIP:a_b@h_1", UriScheme.Sip, "a_b", "h_1", -1, "", "")]
    [InlineData("sip:b@h?Replaces=1%40h%3Bto-tag%3D1", UriScheme.Sip, "b", "h", -1, "", "Replaces=1%40h%3Bto-tag%3D1")]
    [InlineData("tel:+1-201-555-0123;phone-context=x", UriScheme.Tel, "+1-201-555-0123", "", -1, "phone-context=x", "")]
    [InlineData("urn:service:sos", UriScheme.Other, "", "", -1, "", "")]
    [Trait("RFC", "3261 §19.1.3, 3966 §3")]
    public void A_URI_is_taken_apart(string text, UriScheme scheme, string user, string host, int port, string parameters, string headers)
    {
        Assert.True(SipUri.TryParse(Encoding.UTF8.GetBytes(text), out var uri));

        Assert.Equal(scheme, uri.Scheme);
        Assert.Equal(user, SipText.Get(uri.User));
        Assert.Equal(host, SipText.Get(uri.Host));
        Assert.Equal(port, uri.Port);
        Assert.Equal(parameters, SipText.Get(uri.Parameters));
        Assert.Equal(headers, SipText.Get(uri.Headers));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip")]
    [InlineData("sip:")]
    [InlineData(":x")]
    [InlineData("sip:@h")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@h:")]
    [InlineData("sip:a@h:65536")]
    [InlineData("sip:a@h:-1")]
    [InlineData("sip:a@h:99999999999999999999")]
    [InlineData("sip:a@h\r\nX: 1")]
    [InlineData("sip:a@h x")]
    [InlineData("sip:a@h\0")]
    [InlineData("sip:a@hé")]
    [InlineData("tel:")]
    [InlineData("tel:;x")]
    [InlineData("1sip:a@h")]
    [InlineData("no scheme:x")]
    public void A_broken_URI_is_refused(string text) => Assert.False(SipUri.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Parameters_are_found_in_any_case_and_with_and_without_value()
    {
        Assert.True(SipUri.TryParse("sip:h;LR;Transport=TCP;maddr=;x=1"u8, out var uri));

        Assert.True(uri.TryGetParameter("lr"u8, out var lr));
        Assert.True(lr.IsEmpty);
        Assert.True(uri.TryGetParameter("transport"u8, out var transport));
        Assert.Equal("TCP", SipText.Get(transport));
        Assert.True(uri.TryGetParameter("maddr"u8, out var maddr));
        Assert.True(maddr.IsEmpty);
        Assert.False(uri.TryGetParameter("ttl"u8, out _));
    }
}
