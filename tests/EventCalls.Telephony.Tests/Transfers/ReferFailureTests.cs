using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>What who referred hears of each way in which nothing comes of it, a row of the table in docs/refer.md each; the two who talk talk on.</summary>
public sealed class ReferFailureTests : EdgeTest
{
    private const string Person = "sip:person@10.0.0.4:5060";

    [Theory]
    [Trait("RFC", "3515 §2.4.5")]
    [InlineData("tel:+12223333", 404)]
    [InlineData("sip:+12223333@10.0.0.1", 404)]
    [InlineData("sip:us@10.0.0.1:5060", 404)]
    [InlineData("sip:person@pbx.example;transport=sctp", 404)]
    [InlineData("sip:person@203.0.113.7", 403)]
    [InlineData("sip:+1900555@10.0.0.4", 403)]
    [InlineData("sip:person@nowhere.example", 503)]
    public void Whom_it_refers_to_cannot_be_called(string referTo, int status)
    {
        Options = Options with { Targets = ["10.0.0.1", "*.example", "!tel:+1900"] };
        Bridge();
        Target.Refer(referTo);
        Run(100);
        Assert.Empty(Second.Log);
        AssertTold(status);
    }

    [Theory]
    [Trait("RFC", "3515 §2.4.5")]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(486)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(603)]
    public void Whom_it_refers_to_refuses(int status)
    {
        Bridge();
        Second.OnCall = (_, leg) => leg.Reject(status, null, [new HeaderLine("Contact", "<sip:x@203.0.113.7>")]);
        Target.Refer(Person);
        Run(100);
        AssertTold(status);
    }

    [Theory]
    [InlineData("<sip:x@203.0.113.7>", 403)]
    [InlineData("<sip:x@10.0.0.1:5060>", 480)]
    [InlineData("<mailto:x@example.com>", 480)]
    public void Whom_it_refers_to_sends_us_on_to_where_nobody_can_be_called(string contact, int status)
    {
        Options = Options with { Targets = ["10.0.0.1"], Trunks = [.. Options.Trunks.Select(t => t with { FollowRedirects = 3 })] };
        Bridge();
        Second.OnCall = (_, leg) => leg.Reject(302, null, [new HeaderLine("Contact", contact)]);
        Target.Refer(Person);
        Run(100);
        AssertTold(status);
    }

    [Fact]
    [Trait("RFC", "3261 §8.1.3.1")]
    public void Whom_it_refers_to_says_nothing()
    {
        Bridge();
        Network.Lose = sent => sent.To.Equals(Second.Host.EndPoint);
        Target.Refer(Person);
        Run(33_000);
        AssertTold(408);
    }

    [Fact]
    [Trait("RFC", "3261 §8.1.3.1")]
    public void Nobody_listens_where_it_refers_to()
    {
        Bridge();
        Network.Lose = sent => sent.To.Equals(Second.Host.EndPoint);
        Target.Refer(Person);
        Run(20);
        Shard.Agent.Unreachable([Second.Host.EndPoint]);
        Run(100);
        AssertTold(503);
    }

    [Fact]
    public void Whom_it_refers_to_rings_and_does_not_answer()
    {
        Options = Options with { RingTimeoutSeconds = 5 };
        Bridge();
        Target.Refer(Person);
        Run(6_000);
        Assert.Equal("cancel", Second.Log[^1]);
        AssertTold(480);
    }

    [Fact]
    public void Whom_it_refers_to_answers_with_a_session_that_does_not_fit()
    {
        Bridge();
        Second.OnCall = static (_, leg) => leg.Answer(null);
        Target.Refer(Person);
        Run(100);
        AssertTold(488);
    }

    [Fact]
    public void Whom_it_refers_to_answers_and_the_one_who_is_moved_refuses_its_session()
    {
        Bridge();
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        Caller.OnAsked = static (_, request) => request.Respond(488);
        Target.Refer(Person);
        Run(100);
        AssertTold(488);
    }

    [Fact]
    public void Whom_it_refers_to_answers_and_leaves_before_it_is_connected()
    {
        Bridge();
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        Caller.OnAsked = static (_, _) => { };
        Target.Refer(Person);
        Run(100);
        Second.Leg!.Bye();
        Run(100);
        AssertTold(480);
    }

    [Fact]
    public void The_bus_does_not_confirm_that_it_begins()
    {
        Bridge();
        Journal.ConfirmsAtOnce = false;
        Target.Refer(Person);
        Run(Options.ConfirmTimeoutMs + 100);
        AssertTold(503);
    }

    [Fact]
    public void Logic_decides_and_its_decision_is_none_that_can_be_carried_out()
    {
        Decided(404, Invite(endpoint: "elsewhere"));
        Decided(404, Invite("no number", "second"));
        Decided(484, Invite("", "second"));
        Decided(403, Invite("sip:x@203.0.113.7", null));
        Decided(500, Invite(endpoint: "second") with { RingTimeoutSeconds = 0 });
        Decided(403, new Handoff { Method = HandoffMethod.Redirect, Contacts = ["sip:x@10.0.0.4"] });
        Decided(486, Reject(486));
        Decided(404, Refer("sip:x@10.0.0.4?Via=x"));
    }

    [Fact]
    public void Logic_decides_when_the_call_has_had_as_many_handoffs_as_it_may()
    {
        Options = Options with { MaxHandoffs = 1 };
        Decided(403, Invite(endpoint: "second"));
    }

    private void Decided(int status, Handoff step)
    {
        if (Journal.Events.Count == 0)
        {
            TargetAnswers();
            CallIn();
            DecidesRefers = true;
            Decide(Invite());
            Run(100);
        }
        Target.Refer(Person);
        Run(50);
        Decide(Last<ReferReceived>(), step);
        Run(50);
        AssertTold(status);
    }

    private void AssertTold(int status)
    {
        Assert.Equal($"notified {status}, the last", Target.Log[^1]);
        var failed = Last<TransferFailed>();
        Assert.True(failed.Final);
        Assert.Equal(status, CallerStatus.OfReferred(failed.Outcome, failed.Evidence));
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
        Assert.DoesNotContain(Journal.Events, static e => e is CallEnded);
    }
}
