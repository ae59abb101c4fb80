using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Tests.Messages;

public sealed class HeaderNamesTests
{
    [Fact]
    [Trait("RFC", "3261 §7.3.1")]
    public void Every_name_is_known_in_any_case()
    {
        foreach (var id in Enum.GetValues<HeaderId>())
        {
            if (id == HeaderId.Other)
                continue;
            var name = SipText.Get(HeaderNames.Canonical(id));
            Assert.Equal(id, HeaderNames.Of(Encoding.UTF8.GetBytes(name)));
            Assert.Equal(id, HeaderNames.Of(Encoding.UTF8.GetBytes(name.ToUpperInvariant())));
            Assert.Equal(id, HeaderNames.Of(Encoding.UTF8.GetBytes(name.ToLowerInvariant())));
            Assert.Equal(id.ToString(), name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
            Assert.NotEqual(id, HeaderNames.Of(Encoding.UTF8.GetBytes(name + "x")));
        }
    }

    [Theory]
    [InlineData("v", HeaderId.Via)]
    [InlineData("f", HeaderId.From)]
    [InlineData("t", HeaderId.To)]
    [InlineData("i", HeaderId.CallId)]
    [InlineData("m", HeaderId.Contact)]
    [InlineData("l", HeaderId.ContentLength)]
    [InlineData("c", HeaderId.ContentType)]
    [InlineData("k", HeaderId.Supported)]
    [InlineData("s", HeaderId.Subject)]
    [InlineData("e", HeaderId.ContentEncoding)]
    [InlineData("r", HeaderId.ReferTo)]
    [InlineData("b", HeaderId.ReferredBy)]
    [InlineData("x", HeaderId.SessionExpires)]
    [InlineData("o", HeaderId.Event)]
    [InlineData("u", HeaderId.AllowEvents)]
    [InlineData("a", HeaderId.AcceptContact)]
    [InlineData("j", HeaderId.RejectContact)]
    [InlineData("d", HeaderId.RequestDisposition)]
    [InlineData("y", HeaderId.Identity)]
    [InlineData("n", HeaderId.IdentityInfo)]
    [InlineData("z", HeaderId.Other)]
    [InlineData("", HeaderId.Other)]
    [InlineData("7", HeaderId.Other)]
    [Trait("RFC", "3261 §7.3.3, 3515, 3841, 3892, 4028, 6665, 8224")]
    public void Compact_forms_are_known(string name, HeaderId expected)
    {
        Assert.Equal(expected, HeaderNames.Of(Encoding.UTF8.GetBytes(name)));
        Assert.Equal(expected, HeaderNames.Of(Encoding.UTF8.GetBytes(name.ToUpperInvariant())));
    }

    [Fact]
    [Trait("RFC", "3261 §7.1")]
    public void Methods_are_known_in_their_exact_case_only()
    {
        foreach (var method in Enum.GetValues<SipMethod>())
        {
            if (method == SipMethod.Other)
                continue;
            var name = SipText.Get(SipMethods.Name(method));
            Assert.Equal(method.ToString().ToUpperInvariant(), name);
            Assert.Equal(method, SipMethods.Of(Encoding.UTF8.GetBytes(name)));
            Assert.Equal(SipMethod.Other, SipMethods.Of(Encoding.UTF8.GetBytes(name.ToLowerInvariant())));
            Assert.Equal(SipMethod.Other, SipMethods.Of(Encoding.UTF8.GetBytes(name + "S")));
        }
        Assert.Equal(SipMethod.Other, SipMethods.Of(default));
    }
}
