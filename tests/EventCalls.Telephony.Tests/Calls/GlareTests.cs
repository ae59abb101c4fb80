using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Changes of a session that meet, on either leg of a bridge and between a leg and us.</summary>
public sealed class GlareTests : EdgeTest
{
    // Who made the Call-ID waits 2.1 to 4 s, the other side up to 2 s (RFC 3261 §14.1); the rest is the way.
    private const long LeastOfOwner = 2_100;
    private const long MostOfOwner = 4_000;
    private const long MostOfOther = 2_000;
    private const long WayMs = 20;

    [Fact]
    [Trait("RFC", "3261 §14.1")]
    public void Re_INVITEs_that_meet_in_the_bridge_are_both_refused_491_and_both_come_through()
    {
        Bridge();
        long met = Network.Now;
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        Target.Leg!.ReInvite(Target.Session("recvonly"), null, Target);
        Run(100);
        Assert.Equal(1, Sends("491", Caller));
        Assert.Equal(1, Sends("491", Target));
        Run(10_000);
        Assert.Equal("INVITE 200", Caller.Log.Last(l => l.StartsWith("INVITE ", StringComparison.Ordinal) && !l.EndsWith("body", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains("INVITE 200", Target.Log);
        Assert.InRange(Again(Caller, met), met + LeastOfOwner, met + MostOfOwner + WayMs);
        Assert.InRange(Again(Target, met), met, met + MostOfOther + WayMs);
        Caller.Leg.Bye();
        Run(50);
        AssertOver();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3311 §5.2")]
    public void UPDATEs_with_offers_that_meet_in_the_bridge_are_both_refused_491(bool callerFirst)
    {
        Bridge();
        var (first, second) = callerFirst ? (Caller, Target) : (Target, Caller);
        first.Leg!.Request(SipMethod.Update, first.Session("sendonly"), null, first);
        second.Leg!.Request(SipMethod.Update, second.Session("sendonly"), null, second);
        Run(100);
        Assert.Equal(("UPDATE 491", "UPDATE 491"), (Response(first), Response(second)));
        first.Leg.Request(SipMethod.Update, first.Session("sendonly"), null, first);
        Run(100);
        Assert.Equal("UPDATE 200", Response(first));
        Assert.Contains("a=sendonly", second.Heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3311 §5.2")]
    public void An_UPDATE_with_an_offer_across_a_re_INVITE_of_the_other_side_is_refused_491(bool fromCaller)
    {
        Bridge();
        var (asking, asked) = fromCaller ? (Caller, Target) : (Target, Caller);
        asking.Leg!.ReInvite(asking.Session("sendonly"), null, asking);
        asked.Leg!.Request(SipMethod.Update, asked.Session("sendonly"), null, asked);
        Run(100);
        Assert.Equal("UPDATE 491", Response(asked));
        Run(10_000);
        Assert.Equal("INVITE 200", Response(asking));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3311 §5.2")]
    public void A_second_UPDATE_while_the_other_side_has_not_answered_the_first_is_asked_to_come_again(bool fromCaller)
    {
        Bridge();
        var (asking, asked) = fromCaller ? (Caller, Target) : (Target, Caller);
        IncomingRequest? open = null;
        asked.OnAsked = (_, request) => open = request;
        asking.Leg!.Request(SipMethod.Update, asking.Session("sendonly"), null, asking);
        Run(20);
        asking.Leg.Request(SipMethod.Update, asking.Session("inactive"), null, asking);
        Run(20);
        Assert.Equal("UPDATE 500", Response(asking));
        Assert.InRange(int.Parse(Network.Log.Last(s => s.Kind == "500" && s.To.Equals(asking.Host.EndPoint)).Header("Retry-After")!), 0, 10);
        open!.Respond(200, null, asked.Session("recvonly"));
        Run(20);
        Assert.Equal("UPDATE 200", Response(asking));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3261 §14.2")]
    public void A_re_INVITE_across_an_UPDATE_that_is_passed_on_is_refused_491_on_the_other_leg_and_500_on_its_own(bool fromCaller)
    {
        Bridge();
        var (asking, asked) = fromCaller ? (Caller, Target) : (Target, Caller);
        IncomingRequest? open = null;
        asked.OnAsked = (_, request) => open = request;
        asking.Leg!.Request(SipMethod.Update, asking.Session("sendonly"), null, asking);
        Run(20);
        asking.Leg.ReInvite(asking.Session("inactive"), null, asking, retriesGlare: false);
        asked.Leg!.ReInvite(asked.Session("inactive"), null, asked, retriesGlare: false);
        Run(20);
        Assert.Equal(("INVITE 500", "INVITE 491"), (Response(asking), Response(asked)));
        Assert.NotNull(Network.Log.Last(s => s.Kind == "500" && s.To.Equals(asking.Host.EndPoint)).Header("Retry-After"));
        open!.Respond(200, null, asked.Session("recvonly"));
        Run(20);
        Assert.Equal("UPDATE 200", Response(asking));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3261 §14.1")]
    public void Our_own_change_that_meets_the_callers_is_made_again_in_time_and_as_a_newer_version_of_the_session(bool callerChangesMeanwhile)
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        TargetAnswers();
        CallIn();
        Run(50);
        bool isFirst = true;
        Caller.OnAsked = (phone, request) =>
        {
            // A change of its own is still under way there.
            request.Respond(isFirst ? 491 : 200, null, isFirst ? null : phone.Session());
            if (isFirst && callerChangesMeanwhile)
                phone.Leg!.ReInvite(phone.Session("sendonly"), null, phone);
            isFirst = false;
        };
        Decide(Invite());
        Run(5_000);
        var offers = Network.Log.Where(s => s.Kind == "INVITE" && s.To.Equals(Caller.Host.EndPoint)).ToList();
        Assert.Equal(2, offers.Count);
        Assert.InRange(offers[1].At - offers[0].At, 0, MostOfOther + WayMs);
        long before = Network.Log.Where(s => s.At < offers[1].At && s.To.Equals(Caller.Host.EndPoint) && s.Kind == "200" && s.Body.Length > 0).Select(VersionOf).Max();
        Assert.True(VersionOf(offers[1]) > before, $"{VersionOf(offers[1])} was offered after {before}");
        Assert.Contains(Journal.Events, e => e is TransferCompleted);
        Caller.Leg!.Bye();
        Run(50);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §14.1")]
    public void Whom_we_called_is_asked_again_after_the_time_of_who_made_the_Call_ID()
    {
        Bridge();
        bool isFirst = true;
        Target.OnAsked = (phone, request) =>
        {
            request.Respond(isFirst ? 491 : 200, null, isFirst ? null : phone.Session());
            isFirst = false;
        };
        var leg = ((OutgoingLeg?)Shard.Calls.Find(Started.CallId)!.Bridge!.Peer.Leg)!;
        leg.ReInvite(Target.Session(), null, null);
        Run(5_000);
        var offers = Network.Log.Where(s => s.Kind == "INVITE" && s.To.Equals(Target.Host.EndPoint)).TakeLast(2).ToList();
        Assert.InRange(offers[1].At - offers[0].At, LeastOfOwner, MostOfOwner + WayMs);
    }

    [Fact]
    [Trait("RFC", "3261 §14.1")]
    public void A_change_that_the_other_side_refused_is_forgotten()
    {
        Bridge();
        Target.OnAsked = (_, request) => request.Respond(488);
        string before = Line("m=", Network.Log.First(s => s.Kind == "INVITE" && s.From.Equals(Caller.Host.EndPoint)).Body);
        var other = new Content("application/sdp", System.Text.Encoding.ASCII.GetBytes(System.Text.Encoding.ASCII.GetString(Caller.Session().Body.Span).Replace("audio 4", "audio 5", StringComparison.Ordinal)));
        Caller.Leg!.ReInvite(other, null, Caller);
        Run(100);
        Assert.Equal("INVITE 488", Response(Caller));
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        Hand(Requester.Api, Invite(endpoint: "second"));
        Run(200);
        Assert.Equal(before, Line("m=", Network.Log.First(s => s.Kind == "INVITE" && s.To.Equals(Second.Host.EndPoint)).Body));
    }

    private static string Line(string start, string body) => body.Split("\r\n").First(l => l.StartsWith(start, StringComparison.Ordinal));

    private static long VersionOf(Sent message) => long.Parse(Line("o=", message.Body).Split(' ')[2]);

    private static string Response(Phone phone) => phone.Log.Last(l => l.Length > 4 && char.IsAsciiDigit(l[^1]) && l.Contains(' ', StringComparison.Ordinal));

    private int Sends(string kind, Phone to) => Network.Log.Count(s => s.Kind == kind && s.CSeqMethod == "INVITE" && s.To.Equals(to.Host.EndPoint));

    private long Again(Phone phone, long after) => Network.Log.Where(s => s.Kind == "INVITE" && s.From.Equals(phone.Host.EndPoint) && s.At > after).Max(s => s.At);
}
