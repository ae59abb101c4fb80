using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>A target's 3xx that is followed, as its endpoint's policy says.</summary>
public sealed class FollowedRedirectTests : EdgeTest
{
    [Fact]
    [Trait("RFC", "3261 §8.1.3.4")]
    public void A_302_is_left_to_the_next_step_when_nothing_is_said()
    {
        Redirects("<sip:+13333333@10.0.0.4:5060>");
        CallIn();
        Decide(Invite());
        Run(100);
        Assert.Equal("transfer_failed error final", Story().Single(l => l.StartsWith("transfer_failed", StringComparison.Ordinal)));
        Assert.Empty(Second.Log);
    }

    [Fact]
    [Trait("RFC", "3261 §8.1.3.4")]
    public void A_302_is_followed_and_each_hop_is_an_attempt_of_its_own()
    {
        Follow(3);
        Redirects("<sip:+13333333@10.0.0.4:5060>");
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        CallIn();
        Decide(Invite());
        Run(100);
        Assert.Equal(
            [
                "transfer_started 1 invite sip:+12222222@10.0.0.3:5060", "transfer_failed error",
                "transfer_started 2 invite sip:+13333333@10.0.0.4:5060", "call_answered target", "call_answered caller", "transfer_completed answered",
            ],
            Story().Skip(1));
        Assert.Equal((302, "<sip:+13333333@10.0.0.4:5060>"), (Single<TransferFailed>().Evidence.Status, Single<TransferFailed>().Evidence.Contact));
        Assert.Equal("second", Last<TransferStarted>().Trunk);
        Assert.Equal(Single<TransferFailed>().EventId, Last<TransferStarted>().CausationId);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §8.1.3.4, §20.10")]
    public void Contacts_are_tried_by_q_and_the_next_step_when_all_of_them_failed()
    {
        Follow(1);
        Redirects("<sip:a@10.0.0.4>;q=0.3, <sip:b@10.0.0.4>;q=0.7", "<sip:c@10.0.0.4>");
        Second.OnCall = static (_, leg) => leg.Reject(486);
        CallIn();
        Decide(Invite(), Invite("+14444444", "second"));
        Run(500);
        Assert.Equal(
            ["sip:+12222222@10.0.0.3:5060", "sip:c@10.0.0.4", "sip:b@10.0.0.4", "sip:a@10.0.0.4", "sip:+14444444@10.0.0.4:5060"],
            Journal.Events.OfType<TransferStarted>().Select(e => e.Target));
        Assert.Equal([false, false, false, false, true], Journal.Events.OfType<TransferFailed>().Select(e => e.Final));
    }

    [Fact]
    [Trait("RFC", "3261 §8.1.3.4")]
    public void A_6xx_ends_the_search()
    {
        Follow(1);
        Redirects("<sip:a@10.0.0.4>", "<sip:b@10.0.0.4>");
        Second.OnCall = static (_, leg) => leg.Reject(603);
        CallIn();
        Decide(Invite());
        Run(500);
        Assert.Equal(2, Journal.Events.OfType<TransferStarted>().Count());
        Assert.Equal("transfer_failed declined final", Story()[^1]);
    }

    [Fact]
    [Trait("RFC", "3261 §8.1.3.4")]
    public void Targets_that_send_us_round_in_a_circle_or_on_for_ever_are_left()
    {
        Follow(3);
        Redirects("<sip:again@10.0.0.4:5060>");
        int hop = 0;
        Second.OnCall = (_, leg) => leg.Reject(302, null, [new("Contact", "<sip:again@10.0.0.4:5060>"), new("Contact", $"<sip:on{hop++}@10.0.0.4:5060>")]);
        CallIn();
        Decide(Invite());
        Run(1_000);
        Assert.Equal(
            ["sip:+12222222@10.0.0.3:5060", "sip:again@10.0.0.4:5060", "sip:on0@10.0.0.4:5060", "sip:on1@10.0.0.4:5060"],
            Journal.Events.OfType<TransferStarted>().Select(e => e.Target));
        Assert.Equal("transfer_failed error final", Story()[^1]);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Theory]
    [InlineData("<sip:x@10.0.0.9>", "not_allowed")]
    [InlineData("<sip:x@10.0.0.4;maddr=10.0.0.9>", "not_allowed")]
    [InlineData("<sip:x@elsewhere.example.com>", "not_allowed")]
    [InlineData("<sip:x@10.0.0.4?Route=%3Csip:10.0.0.9%3E>", "invalid_target")]
    [InlineData("<sip:x@10.0.0.4;method=BYE>", "invalid_target")]
    [InlineData("<mailto:x@example.com>", "invalid_target")]
    public void A_302_leads_only_where_calls_may_go(string contact, string outcome)
    {
        Follow(3);
        Redirects(contact, "<sip:good@10.0.0.4>");
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        CallIn();
        Decide(Invite());
        Run(200);
        Assert.Equal(["transfer_failed error", $"transfer_failed {outcome}"], Story().Where(l => l.StartsWith("transfer_failed", StringComparison.Ordinal)));
        Assert.Equal("sip:good@10.0.0.4", Last<TransferStarted>().Target);
        Assert.Contains("transfer_completed answered", Story());
        Assert.DoesNotContain(Network.Log, s => s.To.Address.ToString() == "10.0.0.9");
    }

    [Theory]
    [Trait("RFC", "3261 §21.4.18")]
    [InlineData(0, 480, "<sip:x@10.0.0.4>")]
    [InlineData(1, 480, "<sip:+12222222@10.0.0.3:5060>")]
    [InlineData(3, 480)]
    [InlineData(3, 480, "<mailto:x@example.com>")]
    [InlineData(3, 480, "<sip:x@10.0.0.4?Route=%3Csip:10.0.0.9%3E>")]
    [InlineData(3, 480, "<sip:x@10.0.0.1:5060>")]
    [InlineData(3, 403, "<sip:x@10.0.0.9>")]
    [InlineData(3, 486, "<sip:x@10.0.0.9>", "<sip:x@10.0.0.4>")]
    public void A_302_that_leads_to_nobody_is_none_of_this_servers_faults_to_the_caller(int follow, int heard, params string[] contacts)
    {
        Options = Options with { DeadlineMs = 100, DefaultSteps = [Invite()], Targets = ["10.0.0.1"] };
        Follow(follow);
        Redirects(contacts);
        Second.OnCall = static (_, leg) => leg.Reject(486);
        CallIn();
        Run(500);
        Assert.Equal($"call_ended system rejected {heard}", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void A_302_to_ourselves_is_not_followed()
    {
        Follow(3);
        Redirects("<sip:x@10.0.0.1:5060>");
        Options = Options with { Targets = ["10.0.0.1"] };
        CallIn();
        Decide(Invite());
        Run(200);
        Assert.Equal("transfer_failed invalid_target final", Story()[^1]);
    }

    [Fact]
    public void A_limit_out_of_range_is_refused_by_its_key()
    {
        var wrong = Assert.Throws<TelephonyOptionsException>(() => new TrunkTable([new TrunkOptions { Name = "x", To = ["sip:10.0.0.2"], FollowRedirects = 11 }]));
        Assert.StartsWith("Trunks:x:FollowRedirects", wrong.Message, StringComparison.Ordinal);
    }

    private void Follow(int limit) => Options = Options with { Trunks = [.. Options.Trunks.Select(t => t with { FollowRedirects = limit })] };

    private void Redirects(params string[] contacts) =>
        Target.OnCall = (_, leg) => leg.Reject(302, null, [.. contacts.Select(c => new HeaderLine("Contact", c))]);
}
