using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>What a caller is told when its transfer failed.</summary>
public sealed class RefusalTests : EdgeTest
{
    private const string Head = "v=0\r\no=c 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\n";

    private static readonly HeaderLine[] s_said = [new("Reason", "Q.850;cause=17;text=\"User busy\""), new("Warning", "304 a.example \"no codec\"")];

    [Theory]
    [InlineData(415, 415)]
    [InlineData(488, 488)]
    [InlineData(606, 606)]
    [InlineData(484, 484)]
    [InlineData(580, 580)]
    [InlineData(600, 600)]
    [InlineData(407, 403)]
    [InlineData(487, 480)]
    [InlineData(500, 500)]
    [InlineData(503, 502)]
    [InlineData(300, 480)]
    [InlineData(301, 410)]
    [InlineData(302, 480)]
    [InlineData(380, 480)]
    public void The_targets_status_reaches_the_caller_where_it_says_something_to_the_caller(int status, int heard)
    {
        Options = Options with { DeadlineMs = 100, DefaultSteps = [Invite()] };
        Target.OnCall = (_, leg) => leg.Reject(status, null, s_said);
        CallIn();
        Run(500);
        Assert.Equal($"call_ended system rejected {heard}", Story()[^1]);
        var refusal = Network.Log.Last(s => s.To.Equals(Caller.Host.EndPoint) && s.Kind == $"{heard}");
        Assert.Equal(s_said[0].Value, refusal.Header("Reason"));
        Assert.Equal(s_said[1].Value, refusal.Header("Warning"));
        Assert.Equal(heard == 415 ? "application/sdp" : null, refusal.Header("Accept"));
        AssertOver();
    }

    [Theory]
    [InlineData(false, "Q.850;cause=17;text=\"User busy\"")]
    [InlineData(true, "Q.850;cause=99")]
    [Trait("RFC", "6432 §3")]
    public void A_refusal_that_logic_decides_after_a_failure_carries_the_targets_reason_unless_logic_gives_one(bool givesOne, string reason)
    {
        Target.OnCall = static (_, leg) => leg.Reject(486, null, s_said);
        CallIn();
        Decide(Invite());
        Run(100);
        Decide(Reject(486) with { SipHeaders = givesOne ? [new SipHeader("reason", reason)] : [] });
        Run(100);
        string text = Network.Log.Last(s => s.To.Equals(Caller.Host.EndPoint) && s.Kind == "486").Text;
        Assert.Equal(reason, Assert.Single(text.Split("\r\n"), l => l.StartsWith("reason:", StringComparison.OrdinalIgnoreCase))[8..]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3326 §2")]
    public void A_caller_who_is_answered_hears_the_targets_reason_in_the_bye()
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        Target.OnCall = static (_, leg) => leg.Reject(486, null, s_said);
        CallIn();
        Decide(Invite());
        Run(100);
        Decide(Reject(486));
        Run(100);
        string text = Network.Log.Last(s => s.To.Equals(Caller.Host.EndPoint) && s.Kind == "BYE").Text;
        Assert.Contains("Reason: Q.850;cause=17;text=\"User busy\"\r\n", text);
        Assert.Contains("Reason: SIP;cause=486;text=\"Busy Here\"\r\n", text);
    }

    [Fact]
    [Trait("RFC", "3261 §8.1.3.4")]
    public void The_contacts_of_a_redirection_are_kept_and_not_followed()
    {
        Target.OnCall = static (_, leg) => leg.Reject(302, null, [new("Contact", "<sip:a@203.0.113.9>;q=0.7"), new("Contact", "<sip:b@203.0.113.9>")]);
        CallIn();
        Decide(Invite());
        Run(200);
        Assert.Equal("<sip:a@203.0.113.9>;q=0.7, <sip:b@203.0.113.9>", Single<TransferFailed>().Evidence.Contact);
        Assert.DoesNotContain(Network.Log, s => s.To.Address.ToString() == "203.0.113.9");
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n")]
    [InlineData("m=video 4000 RTP/AVP 31\r\n")]
    [InlineData("m=audio 0 RTP/AVP 0\r\n")]
    public void A_caller_whose_offer_we_cannot_answer_before_a_refer_hears_488(string media)
    {
        Options = Options with { DeadlineMs = 100, DefaultSteps = [Refer()] };
        CallIn("1", new Content("application/sdp", Encoding.ASCII.GetBytes(Head + media)));
        Run(500);
        Assert.Equal("call_ended system rejected 488", Story()[^1]);
        Assert.Equal(["488"], Caller.Log);
        AssertOver();
    }
}
