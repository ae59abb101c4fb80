using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>Which numbers may be called: whoever refers, redirects or decides, premium numbers and far countries are dialled only where that is configured.</summary>
public sealed class NumberTargetTests : EdgeTest
{
    [Theory]
    [InlineData("+12222222", true)]
    [InlineData("tel:+1-222-2222", true)]
    [InlineData("sip:+12222222@10.0.0.3", true)]
    [InlineData("sip:reception@10.0.0.3", true)]
    [InlineData("sip:10.0.0.3", true)]
    [InlineData("+19001234", false)]
    [InlineData("+1 (900) 1234", false)]
    [InlineData("tel:+1-900-1234", false)]
    [InlineData("0019001234", false)]
    [InlineData("tel:9001234;phone-context=+1", false)]
    [InlineData("tel:+12222222;rn=+19001234;npdi", false)]
    [InlineData("sip:+19001234@10.0.0.3", false)]
    [InlineData("sip:%2B19001234@10.0.0.3", false)]
    [InlineData("sip:+1%39001234@10.0.0.3", false)]
    [InlineData("sip:+1-900-1234@10.0.0.3", false)]
    [InlineData("sip:+1%28900%29@10.0.0.3", false)]
    [InlineData("sip:+19001234;x=1@10.0.0.3;user=phone", false)]
    [InlineData("sip:+19001234:password@10.0.0.3", false)]
    [InlineData("sip:%00+12222222@10.0.0.3", false)]
    [InlineData("sip:%D9%A1900@10.0.0.3", false)]
    [InlineData("sip:!+12222222@10.0.0.3", false)]
    [Trait("RFC", "3261 §26.1")]
    public void A_number_is_called_by_way_of_an_endpoint_only_when_it_begins_as_configured(string target, bool isDialled)
    {
        Allow("pstn", "tel:+1", "!tel:+1900");
        CallIn();
        Decide(Invite(target));
        Run(100);
        Check(isDialled, "Trunks:pstn:Targets");
        // The other endpoint has no such rule.
        CallIn();
        Decide(Invite("+19001234", "second"));
        Run(100);
        Assert.Contains("INVITE sip:+19001234@10.0.0.4", Second.Invite);
    }

    [Theory]
    [InlineData("sip:+19001234@10.0.0.3")]
    [InlineData("sip:+19001234@10.0.0.3:5070")]
    [InlineData("sip:+19001234@10.0.0.3:5060;transport=udp")]
    [InlineData("sip:+19001234@[::ffff:10.0.0.3]")]
    [InlineData("sip:+19001234@10.0.0.4;maddr=10.0.0.3")]
    public void A_URI_that_leads_to_an_endpoint_without_naming_it_is_looked_at_as_its_calls_are(string target)
    {
        Options = Options with { Trunks = [.. Options.Trunks.Where(t => t.Name != "both")] };
        Network.AddHost("10.0.0.3:5070");
        Allow("pstn", "!tel:+1900");
        CallIn();
        Decide(Invite(target, null));
        Run(100);
        Check(false, "Trunks:pstn:Targets");
        CallIn();
        Decide(Invite(target.Replace("+1900", "+1800", StringComparison.Ordinal), null));
        Run(100);
        Assert.Equal(2, Journal.Events.OfType<TransferStarted>().Count());
        Assert.Single(Journal.Events.OfType<TransferFailed>());
    }

    [Fact]
    public void A_name_that_leads_to_an_endpoints_address_is_looked_at_as_its_calls_are()
    {
        Options = Options with { Trunks = [.. Options.Trunks.Where(t => t.Name != "both")] };
        var table = new TrunkTable([.. Options.Trunks]);
        Assert.Equal("pstn", Assert.Single(table.ReachedAt("other.example", 5060, System.Net.IPAddress.Parse("10.0.0.3"))).Name);
        Assert.Empty(table.ReachedAt("other.example", 5060, System.Net.IPAddress.Parse("10.0.0.9")));
    }

    [Theory]
    [InlineData("+49301234", true)]
    [InlineData("+49301234", true, "tel:+49", "!tel:+4990")]
    [InlineData("+499012345", false, "tel:+49", "!tel:+4990")]
    [InlineData("+499012345", true, "tel:+49", "!tel:+4990", "tel:+499012345")]
    [InlineData("112", true, "tel:+49", "tel:112")]
    [InlineData("113", false, "tel:+49", "tel:112")]
    [InlineData("*21#", true, "tel:*21")]
    [InlineData("*21#", false, "!tel:*")]
    [InlineData("+49301234", false, "tel:+49", "!tel:+49")]
    [InlineData("+49301234", false, "!tel:+49", "tel:+49")]
    public void What_is_said_for_all_endpoints_holds_for_each_and_the_longest_beginning_decides(string number, bool isDialled, params string[] targets)
    {
        Options = Options with { Targets = targets };
        CallIn();
        Decide(Invite(number));
        Run(100);
        Check(isDialled, "Routing:Targets");
    }

    [Fact]
    public void What_is_referred_to_by_one_who_talks_is_looked_at_too_and_the_referrer_hears_403()
    {
        Allow("second", "tel:+49");
        Bridge();
        Target.Refer("sip:+19001234@10.0.0.4:5060");
        Run(50);
        Assert.Equal(("notified 403, the last", TransferOutcome.NotAllowed), (Target.Log[^1], Last<TransferFailed>().Outcome));
        Target.Refer("sip:+49301234@10.0.0.4:5060");
        Run(50);
        Assert.StartsWith("INVITE sip:+49301234@10.0.0.4:5060", Second.Invite, StringComparison.Ordinal);
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
    }

    [Theory]
    [InlineData("+19001234", "Trunks:pstn:Targets", "pstn")]
    [InlineData("sip:+19001234@10.0.0.3", "Trunks:pstn:Targets", null)]
    [InlineData("sip:+19001234@carrier.example", "Trunks:carrier:Targets", null)]
    [InlineData("+19001234", "Trunks:carrier:Targets", null)]
    [InlineData("+18001234", "Routing:ReferTargets", "pstn")]
    [InlineData("sip:+18001234@carrier.example", "Routing:ReferTargets", null)]
    public void What_others_are_asked_to_dial_is_looked_at_too(string target, string key, string? endpoint)
    {
        Options = Options with { Trunks = [.. Options.Trunks.Where(t => t.Name != "both")], ReferTargets = ["*", "!tel:+1800"] };
        Allow(key.Contains("pstn", StringComparison.Ordinal) ? "pstn" : "carrier", "!tel:+1900");
        CallIn();
        Decide(Refer(target) with { OutboundEndpoint = endpoint });
        Run(100);
        Check(false, key);
        Decide(new Handoff { Method = HandoffMethod.Redirect, Contacts = [target], OutboundEndpoint = endpoint });
        Run(100);
        Assert.DoesNotContain(Network.Log, s => s.Kind is "REFER" or "302");
    }

    [Fact]
    public void Hosts_of_an_endpoints_targets_may_be_named_by_way_of_it_alone()
    {
        Allow("pstn", "pbx.example");
        CallIn();
        Decide(Invite("sip:desk@pbx.example", "pstn"));
        Run(100);
        Assert.Contains("INVITE sip:desk@pbx.example", Target.Invite);
        CallIn();
        Decide(Invite("sip:desk@pbx.example", "second"));
        Run(100);
        Assert.Equal(TransferOutcome.NotAllowed, Last<TransferFailed>().Outcome);
    }

    [Theory]
    [InlineData("tel:")]
    [InlineData("!tel:")]
    [InlineData("tel:+49x")]
    [InlineData("tel:4+9")]
    [InlineData("!pbx.example")]
    public void What_is_no_beginning_of_a_number_is_said_by_its_key(string entry)
    {
        Assert.StartsWith("Trunks:x:Targets:0", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable([new TrunkOptions { Name = "x", To = ["sip:10.0.0.2"], Targets = [entry] }])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Routing:Targets:0", Assert.Throws<TelephonyOptionsException>(() => new DialTargets("Routing:Targets", [entry])).Message, StringComparison.Ordinal);
    }

    private void Allow(string trunk, params string[] targets) =>
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t.Name == trunk ? t with { Targets = targets } : t)] };

    private void Check(bool isDialled, string key)
    {
        if (isDialled)
        {
            Assert.NotNull(Target.Invite);
            return;
        }
        Assert.Null(Target.Invite);
        var failed = Single<TransferFailed>();
        Assert.Equal(TransferOutcome.NotAllowed, failed.Outcome);
        Assert.Contains(key, failed.Evidence.ReasonPhrase);
    }
}
