using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Calls;

public sealed class BridgeTests : EdgeTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_re_INVITE_is_passed_on_and_answered_by_the_other_side(bool fromCaller)
    {
        Bridge();
        var (asking, asked) = fromCaller ? (Caller, Target) : (Target, Caller);
        asking.Leg!.ReInvite(asking.Session("sendonly"), null, asking);
        Run(100);
        Assert.Equal(["INVITE WITH BODY", "ack of re-invite"], asked.Log[^2..]);
        Assert.Contains("a=sendonly", asked.Heard);
        Assert.Equal("INVITE 200", asking.Log[^1]);
        Assert.Contains($"o={asked.Name} 1 2", asking.Heard);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3261 §14.1")]
    public void A_re_INVITE_without_offer_gets_the_other_sides_offer_and_its_answer_travels_in_the_ACK(bool fromCaller)
    {
        Bridge();
        var (asking, asked) = fromCaller ? (Caller, Target) : (Target, Caller);
        asking.ResponseHook = (request, response) =>
        {
            if (response.StatusCode != 200)
                return;
            request.DeferAck();
            request.Ack(asking.Session());
        };
        asking.Leg!.ReInvite(null, null, asking);
        Run(100);
        Assert.Equal(["INVITE", "ack of re-invite with media"], asked.Log[^2..]);
        Assert.Contains($"o={asking.Name}", asked.Heard);
        Assert.Contains($"o={asked.Name}", asking.Heard);
    }

    [Fact]
    public void A_refused_change_is_passed_back_with_its_evidence_and_the_call_goes_on()
    {
        Bridge();
        Target.OnAsked = (_, request) => request.Respond(488, "No Such Codec", null, [new("Warning", "304 x \"none\"")]);
        Caller.Leg!.ReInvite(Caller.Session(), null, Caller);
        Run(100);
        Assert.Equal("INVITE 488", Caller.Log[^1]);
        var response = Network.Log.Last(s => s.Kind == "488" && s.To.Equals(Caller.Host.EndPoint));
        Assert.Equal("SIP/2.0 488 No Such Codec", response.StartLine);
        Assert.Equal("304 x \"none\"", response.Header("Warning"));
        Assert.Equal(1, Shard.Calls.Count);
    }

    [Fact]
    public void A_challenge_of_one_side_is_not_passed_to_the_other()
    {
        Bridge();
        Target.OnAsked = (_, request) => request.Respond(407, null, null, [new("Proxy-Authenticate", "Digest realm=\"x\", nonce=\"n\"")]);
        Caller.Leg!.Request(SipMethod.Info, null, null, Caller);
        Run(100);
        Assert.Equal("INFO 403", Caller.Log[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3261 §22.2")]
    public void A_side_that_challenges_a_passed_request_gets_it_again_with_its_trunks_credentials(bool fromCaller)
    {
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t with { UserName = t.Name, Password = "secret" })] };
        Bridge();
        var (asking, asked) = fromCaller ? (Caller, Target) : (Target, Caller);
        asked.OnAsked = (phone, request) =>
        {
            if (request.Message.Has(HeaderId.Authorization))
                request.Respond(200, null, phone.Session());
            else
                request.Respond(401, null, null, [new("WWW-Authenticate", "Digest realm=\"x\", nonce=\"n\"")]);
        };
        asking.Leg!.ReInvite(asking.Session("sendonly"), null, asking);
        Run(100);
        Assert.Equal("INVITE 200", asking.Log[^1]);
        var again = Network.Log.Last(s => s.Kind == "INVITE");
        Assert.Contains($"username=\"{(fromCaller ? "pstn" : "carrier")}\"", again.Header("Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3261 §14.2")]
    public void Two_changes_that_meet_are_both_carried_out_one_after_the_other()
    {
        Bridge();
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        Target.Leg!.ReInvite(Target.Session("recvonly"), null, Target);
        Run(15_000);
        Assert.Contains("INVITE 200", Caller.Log);
        Assert.Contains("INVITE 200", Target.Log);
        Assert.Contains(Network.Log, s => s.Kind == "491");
        Assert.Equal(1, Shard.Calls.Count);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3311 §5.1")]
    public void An_UPDATE_and_an_INFO_are_passed_on_with_their_bodies()
    {
        Bridge();
        Caller.Leg!.Request(SipMethod.Update, Caller.Session(), null, Caller);
        Run(100);
        Assert.Equal("UPDATE WITH BODY", Target.Log[^1]);
        Assert.Equal("UPDATE 200", Caller.Log[^1]);
        Assert.Contains("o=target 1 2", Caller.Heard);
        Target.Leg!.Request(SipMethod.Info, new Content("application/dtmf-relay", "Signal=5"u8.ToArray()), [new("Info-Package", "dtmf")], Target);
        Run(100);
        Assert.Equal("INFO WITH BODY", Caller.Log[^1]);
        Assert.Equal("INFO 200", Target.Log[^1]);
        var info = Network.Log.Last(s => s.Kind == "INFO" && s.To.Equals(Caller.Host.EndPoint));
        Assert.Equal("dtmf", info.Header("Info-Package"));
        Assert.Equal("application/dtmf-relay", info.Header("Content-Type"));
        Assert.Equal("Signal=5", info.Body);
    }

    [Fact]
    public void A_target_that_does_not_answer_a_change_any_more_ends_the_call_as_silent()
    {
        Bridge();
        Network.Lose = sent => sent.To.Equals(Target.Host.EndPoint);
        Caller.Leg!.ReInvite(Caller.Session(), null, Caller);
        Run(40_000);
        Assert.Equal("call_ended system peer_silent", Story()[^1]);
        Assert.Equal(["INVITE 504", "bye"], Caller.Log[^2..]);
        AssertOver();
    }

    [Fact]
    public void Both_hanging_up_at_once_end_the_call_once()
    {
        Bridge();
        Caller.Leg!.Bye();
        Target.Leg!.Bye();
        Run(100);
        Assert.StartsWith("call_ended", Story()[^1], StringComparison.Ordinal);
        AssertOver();
    }

    [Fact]
    public void Another_handoff_replaces_the_target_when_it_succeeds()
    {
        Bridge();
        Second.OnCall = (phone, leg) => leg.Answer(phone.Session());
        Hand(Requester.Api, Invite(endpoint: "second"));
        Run(200);
        Assert.Equal(["transfer_started 1 invite sip:+12222222@10.0.0.4:5060", "call_answered target", "transfer_completed answered"], Story()[^3..]);
        Assert.Equal("bye", Target.Log[^1]);
        Assert.Contains("c=IN IP4 10.0.0.4", Caller.Heard);
        // One session towards the caller, in a newer version.
        Assert.Contains("o=target 1 2 IN IP4 10.0.0.3", Caller.Heard);
        Second.Leg!.Bye();
        Run(100);
        Assert.Equal("call_ended target hung_up", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void Another_handoff_that_fails_leaves_the_target_connected()
    {
        Bridge();
        Second.OnCall = (_, leg) => leg.Reject(486);
        Hand(Requester.Api, Invite(endpoint: "second"));
        Run(200);
        Assert.Equal("transfer_failed busy final", Story()[^1]);
        Assert.Empty(Messages.Reroutes);
        Caller.Leg!.Request(SipMethod.Info, null, null, Caller);
        Run(100);
        Assert.Equal("INFO 200", Caller.Log[^1]);
        Target.Leg!.Bye();
        Run(100);
        Assert.Equal("call_ended target hung_up", Story()[^1]);
        AssertOver();
    }

    [Fact]
    public void Another_handoff_while_one_is_in_progress_is_refused()
    {
        CallIn();
        Decide(Invite());
        Run(50);
        Hand(Requester.Api, Invite(endpoint: "second"));
        Run(50);
        Assert.Equal("transfer_failed error final", Story()[^1]);
        Assert.Equal(LocalEvidence.HandoffInProgress, Single<TransferFailed>().Evidence.Here());
        Assert.Empty(Second.Legs);
        ((IncomingLeg)Target.Leg!).Answer(Target.Session());
        Run(50);
        Assert.Equal("transfer_completed answered", Story()[^1]);
    }

    [Fact]
    public void A_target_that_leaves_while_it_is_replaced_does_not_end_the_call()
    {
        Bridge();
        Hand(Requester.Api, Invite(endpoint: "second"));
        Run(50);
        Target.Leg!.Bye();
        Run(50);
        Assert.Equal(1, Shard.Calls.Count);
        ((IncomingLeg)Second.Leg!).Answer(Second.Session());
        Run(200);
        Assert.Equal("transfer_completed answered", Story()[^1]);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_connected_call_can_be_referred_and_the_target_is_let_go_at_the_end()
    {
        Bridge();
        Caller.OnAsked = (_, request) => request.Respond(202);
        Hand(Requester.Api, Refer());
        Run(50);
        Caller.Notify("SIP/2.0 200 OK", "terminated");
        Run(50);
        Assert.Equal("transfer_completed answered", Story()[^1]);
        Run(2_100);
        Assert.Equal("call_ended system transferred", Story()[^1]);
        Assert.Equal("bye", Target.Log[^1]);
        AssertOver();
    }

    [Fact]
    public void A_caller_who_refuses_the_new_targets_session_keeps_the_old_one()
    {
        Bridge();
        Caller.OnAsked = (_, request) => request.Respond(488);
        Second.OnCall = (phone, leg) => leg.Answer(phone.Session());
        Hand(Requester.Api, Invite(endpoint: "second"));
        Run(200);
        Assert.Equal("transfer_failed error final", Story()[^1]);
        Assert.Equal(LocalEvidence.CallerRefusedMedia, Single<TransferFailed>().Evidence.Here());
        Assert.Equal("bye", Second.Log[^1]);
        Assert.Equal(1, Shard.Calls.Count);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3725 §4")]
    public void A_caller_who_answers_from_elsewhere_makes_the_target_follow()
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        TargetAnswers();
        Caller.OnAsked = (_, request) => request.Respond(200, null, new Content("application/sdp", "v=0\r\no=caller 1 9 IN IP4 10.0.0.77\r\ns=-\r\nc=IN IP4 10.0.0.77\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n"u8.ToArray()));
        CallIn();
        Decide(Invite());
        Run(200);
        Assert.Equal(["INVITE WITH BODY", "ack of re-invite"], Target.Log[^2..]);
        Assert.Contains("c=IN IP4 10.0.0.77", Target.Heard);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("RFC", "3261 §15.1.2")]
    public void A_caller_who_hangs_up_while_he_is_being_connected_ends_the_call_and_nobody_else_is_tried(bool hasFallback)
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        TargetAnswers();
        Caller.OnAsked = (phone, _) => phone.Leg!.Bye();
        CallIn();
        Decide(hasFallback ? [Invite(), Invite(endpoint: "second")] : [Invite()]);
        Run(40_000);
        Assert.Equal(["transfer_failed caller_hung_up final", "call_ended caller hung_up"], Story()[^2..]);
        Assert.Single(Journal.Events.OfType<TransferStarted>());
        Assert.Empty(Second.Log);
    }

    [Fact]
    public void A_caller_whose_hold_cannot_be_undone_makes_the_target_offer()
    {
        Options = Options with { Answer = AnswerMode.Immediately };
        TargetAnswers();
        _ = Shard;
        Caller.Call(NodeHost, new Content("application/sdp", "v=0\r\no=caller 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 4004 RTP/AVP 0\r\n"u8.ToArray()));
        Run(20);
        Decide(Invite());
        Run(200);
        Assert.Equal(["invite", "ack with media"], Target.Log);
        Assert.Contains("o=caller", Target.Heard);
        Assert.Equal("transfer_completed answered", Story()[^1]);
        Caller.Leg!.Bye();
        Run(50);
        AssertOver();
    }
}
