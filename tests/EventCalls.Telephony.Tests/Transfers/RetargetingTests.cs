using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>What others are told of whom a call was for, and who vouches for it.</summary>
public sealed class RetargetingTests : EdgeTest
{
    [Fact]
    [Trait("RFC", "5806 §4, 7044 §9.1, 8224 §4")]
    public void Nothing_is_said_where_nothing_is_configured()
    {
        CallIn(headers: [new("Diversion", "<sip:1@a>;reason=no-answer"), new("History-Info", "<sip:1@a>;index=1"), new("Identity", "x")]);
        Decide(Invite());
        Run(20);
        var invite = ToTarget();
        Assert.Equal((null, null, null), (invite.Header("Diversion"), invite.Header("History-Info"), invite.Header("Identity")));
    }

    [Fact]
    [Trait("RFC", "5806 §4")]
    public void A_bridged_call_is_diverted_from_the_dialled_number_and_what_the_caller_said_follows()
    {
        Say(DiversionIn.Diversion);
        TargetRefuses(486);
        CallIn(headers: new HeaderLine("Diversion", "<sip:1@a>;reason=no-answer;counter=1"));
        Decide(Invite(), Invite(endpoint: "second"));
        Run(200);
        Assert.Equal(["<sip:+15557654321@10.0.0.1>;reason=unconditional;counter=1", "<sip:1@a>;reason=no-answer;counter=1"], ToTarget().Headers("Diversion"));
        var second = Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Second.Host.EndPoint));
        Assert.StartsWith("<sip:+15557654321@10.0.0.1>;reason=user-busy", second.Header("Diversion"), StringComparison.Ordinal);
        Assert.Contains(Last<TransferStarted>().HeadersSent, h => h.Name == "Diversion");
    }

    [Theory]
    [InlineData(null, "<sip:+15557654321@10.0.0.1:5060>;index=1", "1")]
    [InlineData("<sip:1@a>;index=1, <sip:2@b>;index=1.1;rc=1", "<sip:1@a>;index=1, <sip:2@b>;index=1.1;rc=1", "1.1")]
    [InlineData("<sip:1@a>;no=index", "<sip:+15557654321@10.0.0.1:5060>;index=1", "1")]
    [Trait("RFC", "7044 §9.1, §10.3")]
    public void A_bridged_call_has_a_history_of_which_each_attempt_is_a_branch(string? received, string first, string index)
    {
        Say(DiversionIn.HistoryInfo);
        TargetRefuses(486);
        CallIn(headers: received is null ? [] : [new HeaderLine("History-Info", received)]);
        Decide(Invite(), Invite(endpoint: "second"));
        Run(200);
        Assert.Equal([first, $"<sip:+12222222@10.0.0.3:5060>;index={index}.1;mp={index}"], ToTarget().Headers("History-Info"));
        var second = Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Second.Host.EndPoint));
        Assert.Equal($"<sip:+12222222@10.0.0.4:5060>;index={index}.2;mp={index}", second.Headers("History-Info").Last());
    }

    [Theory]
    [InlineData(DiversionIn.Diversion, "Diversion", "<sip:+15557654321@10.0.0.1>;reason=deflection;counter=1")]
    [InlineData(DiversionIn.HistoryInfo, "History-Info", "<sip:new@10.0.0.9>;index=1.1;mp=1")]
    [Trait("RFC", "5806 §4, 7044 §9.1")]
    public void A_redirect_says_it_too(DiversionIn where, string name, string value)
    {
        Say(where);
        CallIn();
        Decide(new Handoff { Method = HandoffMethod.Redirect, Contacts = ["sip:new@10.0.0.9"] });
        Run(20);
        Assert.Equal(value, Network.Log.Single(s => s.Kind == "302").Headers(name).Last());
    }

    [Fact]
    public void What_logic_sets_itself_stays_the_only_one()
    {
        Say(DiversionIn.Diversion);
        CallIn();
        Decide(Invite() with { SipHeaders = [new SipHeader("Diversion", "<sip:mine@a>")] });
        Run(20);
        Assert.Equal(["<sip:mine@a>"], ToTarget().Headers("Diversion"));
    }

    [Theory]
    [InlineData("Identity")]
    [InlineData("y")]
    [Trait("RFC", "8224 §4")]
    public void An_endpoint_that_wants_it_gets_the_callers_Identity_as_it_was_received(string name)
    {
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t with { PassesIdentity = true })] };
        CallIn(headers: [new(name, "a.b.c;info=<https://cert.example.com/1>;alg=ES256;ppt=shaken"), new(name, "d.e.f;ppt=div")]);
        Decide(Invite());
        Run(20);
        Assert.Equal(["a.b.c;info=<https://cert.example.com/1>;alg=ES256;ppt=shaken", "d.e.f;ppt=div"], ToTarget().Headers("Identity"));
    }

    private void Say(DiversionIn where) => Options = Options with { Trunks = [.. Options.Trunks.Select(t => t with { Diversion = where })] };

    private Sent ToTarget() => Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Target.Host.EndPoint));
}
