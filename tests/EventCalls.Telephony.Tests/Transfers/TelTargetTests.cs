using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>tel URIs as targets.</summary>
public sealed class TelTargetTests : EdgeTest
{
    [Theory]
    [InlineData("tel:+1-222-555-0100;ext=42", "sip:+12225550100;ext=42@10.0.0.3:5060;user=phone")]
    [InlineData("tel:7042;phone-context=example.com", "sip:7042;phone-context=example.com@10.0.0.3:5060;user=phone")]
    [InlineData("tel:7042;phone-context=+1-222", "sip:7042;phone-context=+1-222@10.0.0.3:5060;user=phone")]
    [InlineData("tel:+1222;isub=1:2;npdi", "sip:+1222;isub=1%3A2;npdi@10.0.0.3:5060;user=phone")]
    [InlineData("tel:*31#;phone-context=[a]", "sip:*31%23;phone-context=%5Ba%5D@10.0.0.3:5060;user=phone")]
    [InlineData("tel:+1-222", "sip:+1222@10.0.0.3:5060")]
    [Trait("RFC", "3261 §19.1.6")]
    public void A_tel_uri_becomes_the_user_part_with_its_parameters(string tel, string uri)
    {
        Caller.OnAsked = (_, request) => request.Respond(202);
        CallIn();
        Decide(Invite(tel), Refer(tel) with { OutboundEndpoint = "pstn" });
        Run(100);
        Assert.Contains($"INVITE {uri} SIP/2.0\r\n", Target.Invite);
        Assert.Equal(uri, Single<TransferStarted>().Target);
        ((IncomingLeg)Target.Leg!).Reject(486);
        Run(100);
        Assert.Equal($"<{uri}>", Assert.Single(Network.Log, s => s.Kind == "REFER").Header("Refer-To"));
    }

    [Theory]
    [InlineData("tel:7042;phone-context=a@b")]
    [InlineData("tel:7042;x=1?method=BYE")]
    [InlineData("tel:7042;x=<y>")]
    [InlineData("tel:7042;=y")]
    [InlineData("tel:7042;")]
    [InlineData("tel:abc;ext=1")]
    [Trait("RFC", "3966 §3")]
    public void A_tel_uri_that_is_none_is_refused(string tel)
    {
        CallIn();
        Decide(Invite(tel));
        Run(100);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
        Assert.Null(Target.Invite);
    }
}
