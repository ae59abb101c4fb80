using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Reliable;
using EventCalls.Sip.Messages;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>Reliable provisional responses through a bridge: each leg has its own, and early media travels in both.</summary>
public sealed class ReliableTests : EdgeTest
{
    private readonly List<Sent> _pracked = [];

    [Fact]
    [Trait("RFC", "3262 §3, §4")]
    public void Ringing_and_early_media_travel_reliably_on_both_legs()
    {
        TargetRings();
        CallIn(headers: new HeaderLine("Require", "100rel"));
        Decide(Invite());
        Run(20);
        Target.Leg!.As().Ring(180);
        Run(20);
        var toCaller = ToCaller("180");
        Prack(toCaller);
        Assert.Single(Network.Log, s => s.Kind == "PRACK" && s.To.Equals(Target.Host.EndPoint));
        Target.Leg!.As().Ring(183, Target.Session());
        Run(20);
        var media = ToCaller("183");
        Assert.Equal("100rel", media.Header("Require"));
        Assert.Contains("o=target 1 1", media.Body, StringComparison.Ordinal);
        Target.Leg!.As().Answer(null);
        Run(50);
        // The caller has not acknowledged its answer.
        Assert.Equal("", StoryOf(typeof(CallEnded)));
        Assert.DoesNotContain(Network.Log, s => s.Kind == "200" && s.CSeqMethod == "INVITE" && s.To.Equals(Caller.Host.EndPoint));
        Prack(media);
        Run(50);
        Assert.Equal(media.Body, ToCaller("200").Body);
        Assert.Contains("transfer_completed answered", Story());
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Target.Leg!.Bye();
        Run(100);
        Assert.Equal("bye", Caller.Log[^1]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1")]
    public void A_second_target_is_offered_to_a_caller_who_heard_the_first_ones_early_media_reliably()
    {
        TargetRings();
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        CallIn(headers: new HeaderLine("Require", "100rel"));
        Decide(Invite(), Invite(endpoint: "second"));
        Run(20);
        Target.Leg!.As().Ring(183, Target.Session());
        Run(20);
        Prack(ToCaller("183"));
        Target.Leg!.As().Reject(486);
        Run(200);
        Assert.Equal("", Network.Log.First(s => s.Kind == "200" && s.CSeqMethod == "INVITE" && s.To.Equals(Caller.Host.EndPoint)).Body);
        Assert.Contains("INVITE WITH BODY", Caller.Log);
        Assert.Contains("c=IN IP4 10.0.0.4", Caller.Heard);
        Assert.Contains("transfer_completed answered", Story());
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3262 §3")]
    public void A_caller_that_acknowledges_no_ringing_ends_the_call_and_the_target_is_cancelled()
    {
        TargetRings();
        CallIn(headers: new HeaderLine("Require", "100rel"));
        Decide(Invite());
        Run(20);
        Target.Leg!.As().Ring(180);
        Run(40_000);
        Assert.Equal("call_ended system peer_silent", Story()[^1]);
        Assert.Equal("504", Caller.Log[^1]);
        Assert.Equal("cancel", Target.Log[^1]);
        AssertOver();
    }

    [Theory]
    [InlineData(ReliableUse.Off, null, null)]
    [InlineData(ReliableUse.WhenRequired, "100rel", null)]
    [InlineData(ReliableUse.Supported, "100rel", null)]
    [InlineData(ReliableUse.Required, null, "100rel")]
    [Trait("RFC", "3262 §4")]
    public void An_endpoint_says_whether_its_targets_may_or_must(ReliableUse use, string? supported, string? required)
    {
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t with { Reliable = use, SessionTimer = 0 })] };
        CallIn(headers: new HeaderLine("Supported", "100rel"));
        Decide(Invite());
        Run(20);
        var invite = Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Target.Host.EndPoint));
        Assert.Equal((supported, required), (invite.Header("Supported"), invite.Header("Require")));
    }

    [Fact]
    [Trait("RFC", "3262 §5")]
    public void A_target_that_is_to_make_the_offer_is_not_asked_to_do_it_reliably()
    {
        CallIn(withOffer: false);
        Decide(Invite());
        Run(20);
        Assert.Equal(["timer"], Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Target.Host.EndPoint)).Headers("Supported"));
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.1, §13.3.1")]
    public void The_time_that_an_INVITE_has_is_said_to_the_target_and_kept_for_the_caller()
    {
        CallIn(headers: new HeaderLine("Expires", "30"));
        Decide(Invite());
        Run(20);
        Assert.Equal("65", Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Target.Host.EndPoint)).Header("Expires"));
        Run(31_000);
        Assert.Equal("487", Caller.Log[^1]);
        Assert.Equal("cancel", Target.Log[^1]);
        Assert.Equal(["transfer_failed caller_hung_up final", "call_ended caller cancelled 487"], Story()[^2..]);
        AssertOver();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3311 §5.1")]
    public void A_change_of_the_session_before_the_answer_travels_as_UPDATE_and_the_answer_leaves_it_alone(bool isCallers)
    {
        TargetRings();
        CallIn(headers: [new HeaderLine("Require", "100rel"), new HeaderLine("Allow", "INVITE, ACK, BYE, CANCEL, UPDATE, PRACK")]);
        Decide(Invite());
        Run(20);
        Target.Leg!.As().Ring(183, Target.Session());
        Run(20);
        var media = ToCaller("183");
        Prack(media);
        string caller = Text(Caller.Session()).Replace("m=audio 4004", "m=audio 4104", StringComparison.Ordinal);
        string target = Text(Target.Session()).Replace("m=audio 4006", "m=audio 4106", StringComparison.Ordinal);
        if (isCallers)
        {
            Target.OnAsked = (_, request) => request.Respond(200, null, Described(target));
            Ask(media, caller);
        }
        else
        {
            Caller.OnAsked = (_, request) => request.Respond(200, null, Described(caller));
            Target.Leg!.Request(SipMethod.Update, Described(target), null, Target);
        }
        Run(50);
        if (isCallers)
        {
            Assert.Contains("m=audio 4104", Target.Heard);
            Assert.Contains("m=audio 4106", Network.Log.Last(s => s.Kind == "200" && s.CSeqMethod == "UPDATE" && s.From.Equals(NodeHost.EndPoint)).Body, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("m=audio 4106", Network.Log.Last(s => s.Kind == "UPDATE" && s.To.Equals(Caller.Host.EndPoint)).Body, StringComparison.Ordinal);
        }
        int before = Network.Log.Count(s => s.Kind == "INVITE");
        Target.Leg!.As().Answer(Target.Session());
        Run(100);
        Assert.Contains("transfer_completed answered", Story());
        // What was agreed on stands: nobody is offered anything again.
        Assert.Equal(before, Network.Log.Count(s => s.Kind == "INVITE"));
        Target.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3311 §5.2")]
    public void Changes_that_meet_before_the_answer_are_both_refused_491_and_whoever_comes_again_is_heard(bool callerComesAgain)
    {
        var media = AgreeEarly();
        Target.OnAsked = (phone, request) => request.Respond(200, null, phone.Session());
        Caller.OnAsked = (phone, request) => request.Respond(200, null, phone.Session());
        Target.Leg!.Request(SipMethod.Update, Target.Session(), null, Target);
        Ask(media, Text(Caller.Session()));
        Assert.Equal("491", Answers("UPDATE", Caller)[^1].Kind);
        Assert.Equal("UPDATE 491", Target.Log[^1]);
        int asked = ChangesToCaller();
        if (callerComesAgain)
            Ask(media, Text(Caller.Session()), 78);
        else
            Target.Leg!.Request(SipMethod.Update, Target.Session(), null, Target);
        Run(50);
        // The caller's phone has no reliable responses of its own and takes no UPDATE yet; that it is asked is what we do.
        if (callerComesAgain)
            Assert.Equal("200", Answers("UPDATE", Caller)[^1].Kind);
        else
            Assert.Equal(asked + 1, ChangesToCaller());
        Target.Leg!.As().Answer(Target.Session());
        Run(100);
        Assert.Contains("transfer_completed answered", Story());
        Target.Leg!.Bye();
        Run(100);
        AssertOver();

        int ChangesToCaller() => Network.Log.Count(s => s.Kind == "UPDATE" && s.To.Equals(Caller.Host.EndPoint) && s.Body.Length > 0);
    }

    [Fact]
    [Trait("RFC", "3311 §5.2")]
    public void A_second_change_before_the_first_is_answered_is_asked_to_come_again_and_so_says_the_target()
    {
        var media = AgreeEarly();
        IncomingRequest? open = null;
        Target.OnAsked = (_, request) => open = request;
        Ask(media, Text(Caller.Session()));
        Ask(media, Text(Caller.Session()), 78);
        var refusal = Answers("UPDATE", Caller)[^1];
        Assert.Equal("500", refusal.Kind);
        Assert.InRange(int.Parse(refusal.Header("Retry-After")!), 0, 10);
        // What the target says of when to come again is said to whoever asked.
        open!.Respond(500, null, null, [new HeaderLine("Retry-After", "7")]);
        Run(50);
        refusal = Answers("UPDATE", Caller)[^1];
        Assert.Equal(("500", "77 UPDATE", "7"), (refusal.Kind, refusal.Header("CSeq"), refusal.Header("Retry-After")));
        Target.OnAsked = (phone, request) => request.Respond(200, null, phone.Session());
        Ask(media, Text(Caller.Session()), 79);
        Assert.Equal("200", Answers("UPDATE", Caller)[^1].Kind);
        Target.Leg!.As().Answer(Target.Session());
        Run(100);
        Target.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3311 §5.2")]
    public void A_change_that_the_target_cannot_be_asked_for_before_it_answers_is_refused_504_and_the_call_goes_on()
    {
        CallIn(headers: new HeaderLine("Require", "100rel"));
        Decide(Invite());
        Run(20);
        Prack(ToCaller("180"));
        // Not reliable, so nothing is agreed on with it.
        Target.Leg!.As().Ring(183, Target.Session());
        Run(20);
        var media = ToCaller("183");
        Prack(media);
        Ask(media, Text(Caller.Session()));
        Assert.Equal("504", Network.Log.Last(s => s.CSeqMethod == "UPDATE" && s.From.Equals(NodeHost.EndPoint)).Kind);
        Target.Leg!.As().Answer(Target.Session());
        Run(100);
        Assert.Contains("transfer_completed answered", Story());
        Target.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    /// <summary>Both sides have agreed on a session and the target has not answered; the caller's last response.</summary>
    private Sent AgreeEarly()
    {
        TargetRings();
        CallIn(headers: [new HeaderLine("Require", "100rel"), new HeaderLine("Allow", "INVITE, ACK, BYE, CANCEL, UPDATE, PRACK")]);
        Decide(Invite());
        Run(20);
        Target.Leg!.As().Ring(183, Target.Session());
        Run(20);
        var media = ToCaller("183");
        Prack(media);
        return media;
    }

    private List<Sent> Answers(string method, Phone to) =>
        [.. Network.Log.Where(s => s.CSeqMethod == method && char.IsAsciiDigit(s.Kind[0]) && s.From.Equals(NodeHost.EndPoint) && s.To.Equals(to.Host.EndPoint))];

    private static string Text(Content content) => System.Text.Encoding.ASCII.GetString(content.Body.Span);

    private static Content Described(string text) => new("application/sdp", System.Text.Encoding.ASCII.GetBytes(text));

    /// <summary>The caller, who has heard a reliable response, sends UPDATE.</summary>
    private void Ask(Sent response, string body, int number = 77)
    {
        Caller.Host.Send(NodeHost, $"""
            UPDATE sip:10.0.0.1:5060 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKupdate{Network.Log.Count}
            Max-Forwards: 70
            From: {response.Header("From")}
            To: {response.Header("To")}
            Call-ID: {response.Header("Call-ID")}
            CSeq: {number} UPDATE
            Contact: <sip:10.0.0.2:5060>
            Content-Type: application/sdp

            {body}
            """);
        Run(50);
    }

    private void TargetRings() => Target.OnCall = (_, leg) => ReliableRinging.TryUse(leg, Invited(), ReliableUse.Supported);

    /// <summary>The target's INVITE, parsed again.</summary>
    private SipMessage Invited()
    {
        var message = new SipMessage();
        Assert.Equal(Sip.Parsing.SipParseError.None, Sip.Parsing.SipParser.Parse(System.Text.Encoding.UTF8.GetBytes(Target.Invite!), message));
        return message;
    }

    private Sent ToCaller(string kind) => Network.Log.Last(s => s.Kind == kind && s.To.Equals(Caller.Host.EndPoint));

    private void Prack(Sent response)
    {
        _pracked.Add(response);
        Caller.Host.Send(NodeHost, $"""
            PRACK sip:10.0.0.1:5060 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKprack{_pracked.Count}
            Max-Forwards: 70
            From: {response.Header("From")}
            To: {response.Header("To")}
            Call-ID: {response.Header("Call-ID")}
            CSeq: {1 + _pracked.Count} PRACK
            RAck: {response.Header("RSeq")} 1 INVITE

            """);
        Run(20);
        Assert.Equal("200", Network.Log.Last(s => s.CSeqMethod == "PRACK" && s.From.Equals(NodeHost.EndPoint) && s.To.Equals(Caller.Host.EndPoint)).Kind);
    }
}

/// <summary>The leg that a target was called on.</summary>
file static class Legs
{
    public static IncomingLeg As(this Leg leg) => (IncomingLeg)leg;
}
