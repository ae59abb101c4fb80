using System.Net;
using EventCalls.Contracts;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>Where calls may go: nobody from outside names the host that is dialled, nor the request that is made.</summary>
public sealed class TargetTests : EdgeTest
{
    private static readonly IPAddress s_foreign = IPAddress.Parse("203.0.113.9");

    public TargetTests()
    {
        // Whoever is dialled there would be heard of.
        Network.AddHost("203.0.113.9:5070");
        Network.AddHost("203.0.113.9:5060");
        Caller.OnAsked = (_, request) => request.Respond(202);
    }

    private bool ForeignHostHeard => Network.Log.Any(s => s.To.Address.Equals(s_foreign));

    [Theory]
    [InlineData("sip%3a0900%40203.0.113.9%3a5070")]
    [InlineData("sip:0900%40203.0.113.9%3a5070")]
    [InlineData("%73ip%3a0900%40203.0.113.9")]
    [InlineData("tel%3a0900%3bphone-context%3d203.0.113.9")]
    [Trait("RFC", "3261 §19.1.2")]
    public void What_a_caller_writes_into_the_user_part_is_no_uri_when_it_is_dialled(string dialled)
    {
        CallIn(dialled, Caller.Session());
        Decide(Invite(Started.CalleeNumber, null));
        Run(100);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
        Assert.False(ForeignHostHeard);
        Decide(Refer(Started.CalleeNumber));
        Run(100);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
        Assert.DoesNotContain(Network.Log, s => s.Kind == "REFER");
    }

    [Fact]
    [Trait("RFC", "5630 §3.1.3")]
    public void A_sips_URI_does_not_go_by_way_of_an_endpoint_without_TLS()
    {
        CallIn();
        Decide(Invite("sips:person@10.0.0.3"));
        Run(100);
        Assert.Equal(TransferOutcome.InvalidTarget, Single<TransferFailed>().Outcome);
        Assert.Contains("'pstn' is reached over udp", Single<TransferFailed>().Evidence.ReasonPhrase);
        Assert.Null(Target.Invite);
    }

    [Theory]
    [InlineData("sip:0900@203.0.113.9:5070", null)]
    [InlineData("sip:0900@[::ffff:203.0.113.9]:5070", null)]
    [InlineData("sip:0900@3405803785:5070", null)]
    [InlineData("sip:0900@10.0.0.3;maddr=203.0.113.9", null)]
    [InlineData("sip:0900@evil.example;maddr=10.0.0.3", null)]
    [InlineData("sip:0900@evil.example", "pstn")]
    [InlineData("sip:0900@203.0.113.9", "pstn")]
    [InlineData("sip:0900@10.0.0.3;maddr=203.0.113.9", "pstn")]
    [InlineData("sip:0900@10.0.0.3;MADDR=evil.example", "pstn")]
    [InlineData("sip:0900@10.0.0.3;maddr=203%2e0.113.9", "pstn")]
    [InlineData("sip:0900@evil.example", null)]
    public void A_host_that_is_no_endpoints_and_not_configured_is_not_dialled_and_the_evidence_says_what_to_configure(string target, string? endpoint)
    {
        Hosts["evil.example"] = [s_foreign];
        CallIn();
        int before = Network.Log.Count(s => s.From.Equals(NodeHost.EndPoint));
        Decide(Invite(target, endpoint));
        Run(100);
        Assert.Equal("transfer_failed not_allowed final", Story()[^1]);
        Assert.Equal(before, Network.Log.Count(s => s.From.Equals(NodeHost.EndPoint)));
        var evidence = Single<TransferFailed>().Evidence;
        Assert.Equal("local", evidence.Source);
        Assert.Contains("Routing:Targets", evidence.ReasonPhrase);
        Assert.Empty(Single<TransferStarted>().HeadersSent);
        Decide(Reject());
        Run(100);
        AssertOver();
    }

    [Theory]
    [InlineData("sip:desk@10.0.0.3", null, new string[0])]
    [InlineData("sip:desk@10.0.0.3:5060;transport=udp", "pstn", new string[0])]
    [InlineData("sip:desk@pbx.example", "pstn", new[] { "pbx.example" })]
    [InlineData("sip:desk@PBX.example.", "pstn", new[] { "pbx.example" })]
    [InlineData("sip:desk@a.pbx.example", "pstn", new[] { "*.pbx.example" })]
    [InlineData("sip:desk@anything.example", "pstn", new[] { "*" })]
    [InlineData("sip:desk@[::ffff:10.0.0.3]", "pstn", new string[0])]
    public void An_endpoints_host_and_a_configured_one_are_dialled(string target, string? endpoint, string[] targets)
    {
        Options = Options with { Targets = targets };
        CallIn();
        Decide(Invite(target, endpoint));
        Run(100);
        Assert.Equal("transfer_progressed response 180", Story()[^1]);
        Assert.Contains($"INVITE {target} SIP/2.0", Target.Invite);
    }

    [Theory]
    [InlineData("10.0.0.3", true)]
    [InlineData("203.0.113.9", false)]
    public async Task A_name_that_is_not_configured_is_dialled_when_its_address_lies_in_a_configured_network(string address, bool isDialled)
    {
        Hosts["desk.example"] = [IPAddress.Parse(address)];
        Options = Options with { Targets = ["10.0.0.0/8"] };
        CallIn();
        Decide(Invite("sip:desk@desk.example", null));
        if (isDialled)
        {
            await RunUntilAsync(() => Target.Invite is not null);
            return;
        }
        await RunUntilAsync(() => Journal.Events.OfType<TransferFailed>().Any());
        Assert.Equal(TransferOutcome.NotAllowed, Single<TransferFailed>().Outcome);
        Assert.Contains("'desk.example' (203.0.113.9)", Single<TransferFailed>().Evidence.ReasonPhrase);
        Assert.False(ForeignHostHeard);
    }

    [Fact]
    public void The_configured_default_is_looked_at_as_any_other_handoff()
    {
        Options = Options with { DeadlineMs = 100, DefaultSteps = [Invite("sip:0900@203.0.113.9:5070", null)] };
        CallIn();
        Run(300);
        Assert.Contains("transfer_failed not_allowed final", Story());
        Assert.False(ForeignHostHeard);
        Assert.Equal("call_ended system rejected 403", Story()[^1]);
    }

    [Theory]
    [InlineData("sip:a@example.com;method=BYE")]
    [InlineData("sip:a@example.com?method=BYE")]
    [InlineData("sip:a@example.com?body=x")]
    [InlineData("sip:a@example.com?From=%3Csip:b@example.com%3E")]
    [InlineData("sip:a@example.com?Route=%3Csip:evil.example;lr%3E")]
    [InlineData("sip:a@example.com?X-A=b%0d%0aX-Evil:%201")]
    [InlineData("sip:a@example.com?Replaces=b%0d%0aX-Evil:%201")]
    [InlineData("sip:a@example.com?%4dethod=BYE")]
    [InlineData("sip:a@example.com;%6dethod=BYE")]
    [InlineData("sip:a@example.com;METHO%44=BYE")]
    [InlineData("sip:a@example.com;method=INVITE;method=BYE")]
    [InlineData("sip:a@example.com;%6daddr=evil.example")]
    [InlineData("sip:a@example.com;x=1;X=2")]
    [InlineData("sip:x?method=BYE@example.com")]
    [InlineData("sip:x#y@example.com")]
    [InlineData("sip:a@b@example.com")]
    [Trait("RFC", "3261 §19.1.1")]
    public void A_uri_that_would_make_another_request_than_a_call_is_given_to_nobody(string uri)
    {
        CallIn();
        Decide(Refer(uri));
        Run(100);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
        Assert.DoesNotContain(Network.Log, s => s.Kind == "REFER");
        Decide(new Handoff { Method = HandoffMethod.Redirect, Contacts = [uri] });
        Run(100);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
        Assert.DoesNotContain("302", Caller.Log);
    }

    // The next server reads maddr where we saw a parameter that we do not know.
    [Theory]
    [InlineData("sip:0900@10.0.0.3;%6daddr=203.0.113.9")]
    [InlineData("sip:0900@10.0.0.3;maddr=10.0.0.3;maddr=203.0.113.9")]
    [InlineData("sip:0900@10.0.0.3;m%61ddr=10.0.0.3")]
    [Trait("RFC", "3261 §19.1.4")]
    public void A_target_that_two_readers_would_send_to_different_hosts_is_not_dialled(string target)
    {
        CallIn();
        Decide(Invite(target, "pstn"));
        Run(100);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
        Assert.False(ForeignHostHeard);
    }

    [Theory]
    [InlineData("sip:a@example.com?Replaces=1%40x%3Bto-tag%3D2%3Bfrom-tag%3D3")]
    [InlineData("sip:a@example.com?User-to-User=56a390f3%3Bencoding%3Dhex")]
    [InlineData("sip:a@example.com;method=INVITE")]
    public void What_says_more_of_the_call_behind_a_refer_to_is_sent(string uri)
    {
        CallIn();
        Decide(Refer(uri));
        Run(100);
        Assert.Equal($"<{uri}>", Assert.Single(Network.Log, s => s.Kind == "REFER").Header("Refer-To"));
    }

    [Fact]
    public void Where_the_hosts_of_refer_and_redirect_are_configured_others_are_not_named()
    {
        Options = Options with { ReferTargets = ["example.com"] };
        CallIn();
        Decide(Refer("sip:a@evil.example"), new Handoff { Method = HandoffMethod.Redirect, Contacts = ["sip:a@example.com", "sip:a@evil.example"] }, Refer("sip:a@example.com;maddr=evil.example"),
            Refer("sip:a@example.com"));
        Run(100);
        Assert.Equal(Enumerable.Repeat("transfer_failed not_allowed", 3), Story().Where(l => l.StartsWith("transfer_failed", StringComparison.Ordinal)));
        Assert.All(Journal.Events.OfType<TransferFailed>(), f => Assert.Contains("Routing:ReferTargets", f.Evidence.ReasonPhrase));
        Assert.Equal("<sip:a@example.com>", Assert.Single(Network.Log, s => s.Kind == "REFER").Header("Refer-To"));
    }

    /// <summary>Whatever callers and logic put together, requests leave for endpoints only, and nobody is asked for anything but a call there.</summary>
    [Fact]
    [Trait("RFC", "3261 §19.1.2")]
    public void No_user_part_gets_a_call_to_another_host_or_a_refer_to_of_another_form()
    {
        var random = new Random(24);
        string[] parts = ["sip", "tel", ":", "%3a", "@", "%40", "203.0.113.9", "evil.example", "5070", "?", "%3F", "method", "=", "%3D", "BYE", ";", "%3b", "&", "%", "%2", "%25", "+1222", "0900", "/", "#", "%23", ".", "*", "maddr", "<", "%3E", "%0d%0a", ","];
        int sent = 0;
        for (int round = 0; round < 400; round++)
        {
            string user = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => parts[random.Next(parts.Length)]));
            string number = Numbers.OfUri(System.Text.Encoding.UTF8.GetBytes($"sip:{user}@10.0.0.1"));
            if (number.Length == 0)
                continue;
            foreach (string target in (string[])[number, $"sip:{number}@10.0.0.3", $"sip:{number}@10.0.0.3;user=phone", $"tel:{number}"])
            {
                if (Call(Refer(target) with { OutboundEndpoint = "pstn" }, Invite(target)) is not { } referTo)
                    continue;
                sent++;
                var uri = Parse(referTo);
                Assert.Equal(("10.0.0.3", ""), (SipText.Get(uri.Host), SipText.Get(uri.Headers)));
                Assert.Equal(1, referTo.Count(c => c == '@'));
                Assert.DoesNotContain(referTo[..referTo.IndexOf('@')][4..], c => c is ':' or '?' or '#' or '<' or '>' || char.IsControl(c));
                Assert.False(uri.TryGetParameter("method"u8, out _));
            }
        }
        Assert.True(sent > 100, $"{sent} were sent");
        Assert.All(
            Network.Log.Where(s => s.From.Equals(NodeHost.EndPoint) && s.Kind is "INVITE"),
            s => Assert.Contains(s.To.Address.ToString(), new[] { "10.0.0.2", "10.0.0.3", "10.0.0.4" }));
    }

    private static SipUri Parse(string nameAddr)
    {
        Assert.True(SipUri.TryParse(System.Text.Encoding.UTF8.GetBytes(nameAddr.Trim('<', '>')), out var uri));
        return uri;
    }

    /// <summary>One call with these steps; the Refer-To that it sent, or null.</summary>
    private string? Call(params Handoff[] steps)
    {
        int before = Network.Log.Count;
        var leg = CallIn();
        Decide(steps);
        Run(100);
        string? referTo = Network.Log.Skip(before).FirstOrDefault(s => s.Kind == "REFER")?.Header("Refer-To");
        leg.Bye();
        Run(10_000);
        return referTo?.Trim('<', '>');
    }
}
