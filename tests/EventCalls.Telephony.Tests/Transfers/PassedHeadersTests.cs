using EventCalls.Contracts;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>Which headers of a caller's an endpoint is sent.</summary>
public sealed class PassedHeadersTests : EdgeTest
{
    [Fact]
    public void Nothing_of_the_callers_is_passed_on_where_nothing_is_configured()
    {
        CallIn(headers: [new("X-Tier", "gold"), new("Subject", "x")]);
        Decide(Invite());
        Run(20);
        Assert.Equal((null, null), (ToTarget().Header("X-Tier"), ToTarget().Header("Subject")));
    }

    [Fact]
    public void Names_and_beginnings_of_names_are_passed_on_in_order_and_recorded_as_sent()
    {
        Pass("x-*", "Subject");
        CallIn(headers: [new("X-Tier", "gold"), new("Subject", "hello"), new("X-Tier", "second"), new("Organization", "y")]);
        Decide(Invite());
        Run(20);
        Assert.Equal(["gold", "second"], ToTarget().Headers("X-Tier"));
        Assert.Equal(("hello", null), (ToTarget().Header("Subject"), ToTarget().Header("Organization")));
        Assert.Equal(3, Last<TransferStarted>().HeadersSent.Count(h => h.Name is "X-Tier" or "Subject"));
    }

    [Fact]
    public void What_logic_sets_itself_stays_the_only_one()
    {
        Pass("X-*");
        CallIn(headers: [new("X-Tier", "gold")]);
        Decide(Invite() with { SipHeaders = [new SipHeader("X-Tier", "mine")] });
        Run(20);
        Assert.Equal(["mine"], ToTarget().Headers("X-Tier"));
    }

    [Fact]
    public void What_the_protocol_writes_or_has_a_key_of_its_own_is_never_passed_on_whatever_it_begins_with()
    {
        Pass("P-*", "R*", "C*", "D*", "A*");
        CallIn(headers: [new("P-Asserted-Identity", "<sip:other@a>"), new("Diversion", "<sip:1@a>"), new("Remote-Party-ID", "<sip:2@a>"), new("P-Charging-Vector", "icid-value=1")]);
        Decide(Invite());
        Run(20);
        var invite = ToTarget();
        Assert.Equal((null, null, "icid-value=1"), (invite.Header("Diversion"), invite.Header("Remote-Party-ID"), invite.Header("P-Charging-Vector")));
        Assert.DoesNotContain("<sip:other@a>", invite.Headers("P-Asserted-Identity"));
        Assert.Single(invite.Headers("Call-ID"));
        Assert.Single(invite.Headers("Contact"));
    }

    [Fact]
    public void A_token_of_a_trunk_is_never_passed_on()
    {
        Pass("X-*");
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t.Name == "carrier" ? t with { TokenHeader = "X-Token", Token = "long-enough" } : t)] };
        CallIn(headers: [new("X-Token", "long-enough"), new("X-Tier", "gold")]);
        Decide(Invite());
        Run(20);
        Assert.Equal((null, "gold"), (ToTarget().Header("X-Token"), ToTarget().Header("X-Tier")));
    }

    [Theory]
    [InlineData("Via")]
    [InlineData("f")]
    [InlineData("Authorization")]
    [InlineData("P-Asserted-Identity")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("X Y")]
    public void A_name_that_cannot_be_passed_on_is_refused_by_its_key(string name)
    {
        var e = Assert.Throws<TelephonyOptionsException>(() => new TrunkTable([new TrunkOptions { Name = "x", To = ["sip:10.0.0.3"], PassHeaders = [name] }]));
        Assert.Equal("Trunks:x:PassHeaders", e.Key);
    }

    private void Pass(params string[] names) => Options = Options with { Trunks = [.. Options.Trunks.Select(t => t with { PassHeaders = names })] };

    private Sent ToTarget() => Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Target.Host.EndPoint));
}
