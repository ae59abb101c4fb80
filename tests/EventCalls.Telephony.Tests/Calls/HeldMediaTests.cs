using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>A side whose peer has left sends it nothing any more while somebody else is called.</summary>
public sealed class HeldMediaTests : EdgeTest
{
    private const string Person = "sip:person@10.0.0.4:5060";

    [Theory]
    [Trait("RFC", "3264 §8.4")]
    [InlineData(true)]
    [InlineData(false)]
    public void The_target_leaves_while_the_next_one_rings(bool isReferred)
    {
        Bridge();
        if (isReferred)
            Target.Refer(Person);
        else
            Hand(Requester.Api, Invite(endpoint: "second"));
        Run(50);
        string before = Caller.Heard!;
        Assert.Contains("a=sendrecv", before);
        Target.Leg!.Bye();
        Run(50);
        Assert.Contains("a=inactive", Caller.Heard);
        Assert.DoesNotContain("a=sendrecv", Caller.Heard);
        Assert.True(Version(before) < Version(Caller.Heard!));

        string held = Caller.Heard!;
        ((IncomingLeg)Second.Leg!).Answer(Second.Session());
        Run(300);
        Assert.Contains("m=audio 4008", Caller.Heard);
        Assert.Contains("a=sendrecv", Caller.Heard);
        Assert.DoesNotContain("a=inactive", Caller.Heard);
        Assert.True(Version(held) < Version(Caller.Heard!));
        Assert.DoesNotContain("a=inactive", Second.Heard);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3264 §8.4")]
    public void The_caller_refers_and_leaves_and_it_is_the_target_that_sends_nothing_meanwhile()
    {
        Bridge();
        Caller.Refer(Person);
        Run(50);
        Caller.Leg!.Bye();
        Run(50);
        Assert.Contains("a=inactive", Target.Heard);
        ((IncomingLeg)Second.Leg!).Reject(486);
        Run(50);
        Decide(Reject(486));
        Run(100);
        Assert.StartsWith("bye", Target.Log[^1], StringComparison.Ordinal);
        AssertOver();
    }

    [Fact]
    public void It_says_elsewhere_than_before_where_it_is_heard_and_who_is_connected_next_hears_of_that()
    {
        Bridge();
        Hand(Requester.Api, Invite(endpoint: "second"));
        Run(50);
        Caller.OnAsked = static (phone, request) => request.Respond(200, null, phone.Session() with { Body = "v=0\r\no=caller 1 9 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 4444 RTP/AVP 0 8\r\n"u8.ToArray() });
        Target.Leg!.Bye();
        Run(50);
        ((IncomingLeg)Second.Leg!).Answer(Second.Session());
        Run(300);
        Assert.Contains("m=audio 4444", Second.Heard);
    }

    [Fact]
    public void A_target_that_leaves_before_its_session_is_taken_gets_nothing_while_the_next_one_rings()
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        TargetAnswers();
        Sip.Messages.SipMethod? asked = null;
        IncomingRequest? open = null;
        Caller.OnAsked = (_, request) => (asked, open) = (request.Method, request);
        CallIn();
        Decide(Invite(), Invite(endpoint: "second"));
        Run(50);
        Assert.Equal(Sip.Messages.SipMethod.Invite, asked);
        Target.Leg!.Bye();
        Run(20);
        Caller.OnAsked = null;
        open!.Respond(200, null, Caller.Session());
        Run(50);
        Assert.Contains("a=inactive", Caller.Heard);
        ((IncomingLeg)Second.Leg!).Answer(Second.Session());
        Run(300);
        Assert.Contains("m=audio 4008", Caller.Heard);
        Assert.DoesNotContain("a=inactive", Caller.Heard);
    }

    [Fact]
    public void A_target_that_leaves_before_its_session_is_taken_and_whom_the_caller_still_talks_to_is_heard_again_while_the_next_one_rings()
    {
        Bridge();
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        IncomingRequest? open = null;
        Caller.OnAsked = (_, request) => open = request;
        Hand(Requester.Api, Invite(endpoint: "second"), Invite("+13333333", "second"));
        Run(50);
        Assert.NotNull(open);
        Second.OnCall = null;
        Second.Leg!.Bye();
        Run(20);
        Caller.OnAsked = null;
        string dead = Caller.Heard!;
        Assert.Contains("m=audio 4008", dead);
        open.Respond(200, null, Caller.Session());
        Run(50);
        Assert.Equal(2, Second.Legs.Count);
        Assert.Contains("m=audio 4006", Caller.Heard);
        Assert.Contains("a=sendrecv", Caller.Heard);
        Assert.True(Version(dead) < Version(Caller.Heard!));
        ((IncomingLeg)Second.Leg!).Answer(Second.Session());
        Run(300);
        Assert.Contains("m=audio 4008", Caller.Heard);
        Assert.Equal("bye", Target.Log[^1]);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_next_one_answers_while_it_is_put_on_hold()
    {
        Bridge();
        Hand(Requester.Api, Invite(endpoint: "second"));
        Run(50);
        Target.Leg!.Bye();
        ((IncomingLeg)Second.Leg!).Answer(Second.Session());
        Run(500);
        Assert.Contains("m=audio 4008", Caller.Heard);
        Assert.DoesNotContain("a=inactive", Caller.Heard);
        Assert.Equal("transfer_completed answered", Story()[^1]);
    }

    [Fact]
    public void A_call_that_is_over_with_that_is_ended_and_not_put_on_hold()
    {
        Bridge();
        Target.Leg!.Bye();
        Run(100);
        Assert.DoesNotContain("a=inactive", Caller.Heard);
        AssertOver();
    }

    private static int Version(string description) =>
        int.Parse(description.Split("\r\n").First(l => l.StartsWith("o=", StringComparison.Ordinal)).Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
}
