using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>A REFER of one of the two who talk: the other one is connected with whom it refers to.</summary>
public sealed class ReferReceivedTests : EdgeTest
{
    private const string Person = "sip:person@10.0.0.4:5060";

    [Fact]
    [Trait("RFC", "3515 §2.4.4")]
    public void The_target_refers_the_caller_to_somebody_who_answers()
    {
        Bridge();
        Second.OnCall = static (phone, leg) => leg.Ring(180);
        Target.Refer(Person, by: "<sip:agent@10.0.0.3>");
        Run(100);
        ((IncomingLeg)Second.Leg!).Answer(Second.Session());
        Run(100);

        Assert.Equal(["REFER 202", "notified 100", "notified 180", "notified 200, the last"], Target.Log[^4..]);
        Assert.Contains("o=caller", Second.Heard);
        Assert.Contains("m=audio 4008", Caller.Heard);
        Assert.Contains("Referred-By: <sip:agent@10.0.0.3>", Second.Invite);
        var refer = Single<ReferReceived>();
        Assert.Equal(("target", Person, ReferPolicy.CarryOut, 202, "second"), (refer.Leg, refer.Target, refer.Policy, refer.Status, refer.OutboundEndpoint));
        Assert.Equal(Requester.Target, Last<HandoffRequested>().RequestedBy);
        Assert.Equal(refer.EventId, Last<HandoffRequested>().CausationId);
        // Who referred may hang up by itself, and is hung up on when it does not.
        Assert.NotEqual("bye", Target.Log[^1]);
        Run(2_000);
        Assert.Equal("bye", Target.Log[^1]);
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Second.Leg!.Bye();
        Run(100);
        Assert.Equal(CallParty.Target, Single<CallEnded>().EndedBy);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.5")]
    public void Whom_it_refers_to_is_busy_so_the_two_talk_on_and_the_referrer_hears_486()
    {
        Bridge();
        Second.OnCall = static (_, leg) => leg.Reject(486);
        Target.Refer(Person);
        Run(100);

        Assert.Equal("notified 486, the last", Target.Log[^1]);
        Assert.Equal("transfer_failed busy final", Story()[^1]);
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        Run(100);
        Assert.Contains("a=sendonly", Target.Heard);
        Assert.Equal("INVITE 200", Caller.Log[^1]);
        Caller.Leg.Bye();
        Run(100);
        AssertOver();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_caller_refers_the_target_to_somebody_and_is_let_go(bool hangsUpAtOnce)
    {
        Bridge();
        Second.OnCall = static (_, leg) => leg.Ring(180);
        Caller.Refer(Person);
        Run(20);
        if (hangsUpAtOnce)
            Caller.Leg!.Bye();
        Run(50);
        ((IncomingLeg)Second.Leg!).Answer(Second.Session());
        Run(100);

        Assert.Equal("notified 200, the last", Caller.Log[^1]);
        Assert.Contains("o=target", Second.Heard);
        Assert.Contains("m=audio 4008", Target.Heard);
        Assert.Equal(Requester.Caller, Last<HandoffRequested>().RequestedBy);
        // The target is shown as who calls: it is the one that is transferred.
        Assert.Contains("+12222222", Second.Invite);
        Run(3_000);
        Assert.Equal(LegState.Ended, Caller.Leg!.State);
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
        Second.Leg!.ReInvite(Second.Session("sendonly"), null, Second);
        Run(100);
        Assert.Contains("a=sendonly", Target.Heard);
        Target.Leg.Bye();
        Run(100);
        Assert.Equal("bye", Second.Log[^1]);
        Assert.Equal(CallParty.Target, Single<CallEnded>().EndedBy);
        AssertOver();
    }

    [Fact]
    public void The_callers_REFER_fails_and_the_caller_is_the_one_who_is_moved_by_the_next_handoff()
    {
        Bridge();
        Second.OnCall = static (_, leg) => leg.Reject(603);
        Caller.Refer(Person);
        Run(100);
        Assert.Equal("notified 603, the last", Caller.Log[^1]);
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        Hand(Requester.Api, Invite(endpoint: "second"));
        Run(100);

        Assert.Contains("o=caller", Second.Heard);
        Assert.Equal("bye", Target.Log[^1]);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_referrer_has_hung_up_and_whom_it_refers_to_is_busy_so_the_routers_are_asked()
    {
        Bridge();
        Second.OnCall = static (_, leg) => leg.Ring(180);
        Target.Refer(Person);
        Run(50);
        Target.Leg!.Bye();
        Run(50);
        ((IncomingLeg)Second.Leg!).Reject(486);
        Run(50);

        Assert.Equal("notified 486, the last", Target.Log[^1]);
        Assert.Equal("486", Assert.Single(Messages.Reroutes).Failed!.Evidence.Status.ToString());
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        Decide(Invite(endpoint: "second"));
        Run(100);
        Assert.Equal(LegState.Confirmed, Second.Leg!.State);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_caller_hangs_up_meanwhile_and_the_referrer_hears_that_nothing_comes_of_it()
    {
        Bridge();
        Target.Refer(Person);
        Run(50);
        Caller.Leg!.Bye();
        Run(100);

        Assert.Equal("cancel", Second.Log[^1]);
        Assert.Contains("notified 487, the last", Target.Log);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "4488 §4")]
    public void Without_reports_the_transfer_is_the_same_and_nothing_is_told()
    {
        Bridge();
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        Target.Refer(Person, wantsReports: false);
        Run(2_500);

        Assert.Equal(["REFER 202 and no reports", "bye"], Target.Log[^2..]);
        Assert.DoesNotContain(Network.Log, s => s.Kind == "NOTIFY");
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3261 §21.4.27")]
    public void A_second_REFER_while_one_is_under_way_is_refused_and_dials_nobody()
    {
        Bridge();
        Target.Refer(Person);
        Run(50);
        Target.Refer(Person);
        Run(50);
        Caller.Refer(Person);
        Run(50);

        Assert.Equal("REFER 491", Target.Log[^1]);
        Assert.Equal("REFER 491", Caller.Log[^1]);
        Assert.Single(Second.Legs);
        Assert.Equal("refer_received target 202, refer_received target 491, refer_received caller 491", StoryOf(typeof(ReferReceived)));
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.6")]
    public void The_NOTIFYs_of_a_later_REFER_say_which_one_they_are_about()
    {
        Bridge();
        Second.OnCall = static (_, leg) => leg.Reject(486);
        Target.Refer(Person);
        Run(50);
        Target.Refer(Person);
        Run(50);

        var packages = Network.Log.Where(s => s.Kind == "NOTIFY").Select(s => s.Header("Event")).ToList();
        Assert.Equal("refer", packages[0]);
        Assert.StartsWith("refer;id=", packages[^1], StringComparison.Ordinal);
        Assert.Equal(["REFER 202", "notified 100", "notified 486, the last"], Target.Log[^3..]);
    }

    [Fact]
    public void A_trunk_whose_REFERs_are_refused_gets_603_and_the_call_goes_on()
    {
        With("pstn", static t => t with { Refer = ReferPolicy.Refuse });
        Bridge();
        Target.Refer(Person);
        Run(50);

        Assert.Equal("REFER 603", Target.Log[^1]);
        Assert.Equal("refer_received target 603", Story()[^1]);
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
    }

    [Fact]
    public void A_REFER_is_passed_to_the_other_side_and_its_reports_come_back()
    {
        With("pstn", static t => t with { Refer = ReferPolicy.Pass });
        Bridge();
        Caller.OnAsked = static (_, request) => request.Respond(202);
        Target.Refer("sip:person@elsewhere.example.com?X-Id=7");
        Run(50);
        Assert.Equal("<sip:person@elsewhere.example.com?X-Id=7>", Network.Log.Last(s => s.Kind == "REFER").Header("Refer-To"));
        Caller.Notify("SIP/2.0 180 Ringing");
        Run(50);
        Caller.Notify("SIP/2.0 200 OK", "terminated;reason=noresource");
        Run(50);

        Assert.Equal(["REFER 202", "notified 100", "notified 180", "notified 200, the last"], Target.Log[^4..]);
        Run(3_000);
        Assert.Equal("call_ended system transferred", Story()[^1]);
        AssertOver();
    }

    [Theory]
    [InlineData("tel:+12223333", "tel:+12223333")]
    [InlineData("sip:+12223333@10.0.0.1:5060", "+12223333")]
    [InlineData("sip:+12223333@10.0.0.1", "+12223333")]
    [InlineData("sip:+12223333@10.0.0.1;transport=tls", "+12223333")]
    [InlineData("sips:+12223333@10.0.0.1", "+12223333")]
    [InlineData("sip:+12223333@[::ffff:10.0.0.1]:5060", "+12223333")]
    [InlineData("sip:%2B12223333@10.0.0.1:5060", "+12223333")]
    [InlineData("sip:+12223333;ext=7@10.0.0.1:5060;user=phone", "tel:+12223333;ext=7")]
    public void A_number_is_called_by_the_endpoint_that_is_configured_for_it(string referTo, string number)
    {
        With("pstn", static t => t with { ReferEndpoint = "second" });
        Bridge();
        Target.Refer(referTo);
        Run(50);

        Assert.Equal((number, "second"), (Single<ReferReceived>().Target, Last<TransferStarted>().Trunk));
        Assert.StartsWith($"INVITE sip:{number.Replace("tel:", "", StringComparison.Ordinal)}@10.0.0.4", Second.Invite, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sip:person@pbx.example", "named")]
    [InlineData("sip:person@PBX.example;transport=tls", "named")]
    [InlineData("sips:person@pbx.example", "named")]
    [InlineData("sip:person@pbx.example:5071", "named")]
    [InlineData("sip:person@pbx.example:5070", null)]
    [InlineData("sip:person@10.0.0.4", "second")]
    [InlineData("sip:person@10.0.0.4;transport=tls", null)]
    [InlineData("sips:person@10.0.0.4:5060", null)]
    [InlineData("sip:person@10.0.0.1", null)]
    public void A_URI_goes_by_the_endpoint_that_is_reached_where_it_leads(string referTo, string? endpoint)
    {
        Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "named", To = ["sip:pbx.example:5071;transport=tls"] }] };
        Bridge();
        Target.Refer(referTo);
        Run(50);
        Assert.Equal(endpoint, Single<ReferReceived>().OutboundEndpoint);
    }

    [Theory]
    [InlineData("sip:us@10.0.0.1:5060", "not_found_or_invalid")]
    [InlineData("sip:person@203.0.113.7", "not_allowed")]
    public void Neither_we_ourselves_nor_a_host_that_may_not_be_dialled_is_called(string referTo, string outcome)
    {
        Options = Options with { Targets = outcome == "not_allowed" ? [] : ["10.0.0.1"] };
        Bridge();
        Target.Refer(referTo);
        Run(50);
        Assert.Equal(outcome == "not_allowed" ? TransferOutcome.NotAllowed : TransferOutcome.InvalidTarget, Last<TransferFailed>().Outcome);
        Assert.Equal(outcome == "not_allowed" ? "notified 403, the last" : "notified 404, the last", Target.Log[^1]);
        Assert.Equal(2, Network.Log.Where(s => s.Kind == "INVITE").Select(s => s.Header("Call-ID")).Distinct().Count());
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
    }

    [Fact]
    [Trait("RFC", "7433 §4")]
    public void Of_the_headers_in_the_URI_only_those_of_the_parties_own_go_into_the_INVITE()
    {
        Bridge();
        Target.Refer($"{Person}?User-to-User=56a1%3Bencoding%3Dhex&X-Case=7&Route=%3Csip%3Aevil%40x%3E&P-Asserted-Identity=%3Csip%3Aboss%40x%3E&From=%3Csip%3Aboss%40x%3E");
        Run(50);
        Assert.Contains("User-to-User: 56a1;encoding=hex", Second.Invite);
        Assert.Contains("X-Case: 7", Second.Invite);
        Assert.DoesNotContain("evil", Second.Invite);
        Assert.DoesNotContain("boss", Second.Invite);
        Assert.Equal(5, Single<ReferReceived>().Headers.Count);
    }

    [Fact]
    public void Before_anybody_is_connected_there_is_nobody_to_refer()
    {
        CallIn();
        Decide(Invite());
        Run(50);
        var early = AskEarly("REFER", null, "");
        Assert.Contains("403", early.StartLine);
    }

    [Fact]
    public void Logic_that_decides_REFERs_is_asked_and_its_handoff_is_carried_out()
    {
        BridgeByLogicThatDecidesRefers();
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        Target.Refer("sip:anybody@203.0.113.7");
        Run(50);
        var asked = Assert.Single(Messages.Reroutes);
        Assert.Equal(Single<ReferReceived>(), asked.Refer! with { AfterId = Single<ReferReceived>().AfterId });
        Assert.Null(asked.Failed);
        Assert.Equal(["REFER 202", "notified 100"], Target.Log[^2..]);

        Answer(asked.Refer!, Invite(endpoint: "second"));
        Run(100);
        Assert.Equal("notified 200, the last", Target.Log[^1]);
        Assert.Equal(LegState.Confirmed, Second.Leg!.State);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void Logic_refuses_and_the_referrer_hears_its_status()
    {
        BridgeByLogicThatDecidesRefers();
        Target.Refer(Person);
        Run(50);
        Answer(Messages.Reroutes[0].Refer!, Reject(486));
        Run(50);

        Assert.Equal("notified 486, the last", Target.Log[^1]);
        Assert.Equal("transfer_failed not_allowed final", Story()[^1]);
        Assert.Equal(LegState.Confirmed, Caller.Leg!.State);
        Assert.Equal(LegState.Confirmed, Target.Leg!.State);
    }

    [Fact]
    public void Nobody_decides_in_time_so_the_policy_does_and_the_decision_comes_too_late()
    {
        BridgeByLogicThatDecidesRefers();
        Target.Refer(Person);
        Run(50);
        Target.Leg!.Bye();
        Run(Options.DeadlineMs + 50);

        Assert.Equal("invite sip:person@10.0.0.4:5060 via second", Single<RoutingTimedOut>().DefaultTaken);
        Assert.Single(Second.Legs);
        Answer(Messages.Reroutes[0].Refer!, Invite());
        Run(50);
        Assert.Equal(LocalEvidence.DecidedTooLate, Last<TransferFailed>().Evidence.Here());
        Assert.Single(Second.Legs);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_decision_on_something_else_is_not_taken_for_the_one_on_the_REFER()
    {
        BridgeByLogicThatDecidesRefers();
        Target.Refer(Person);
        Run(50);
        Decide(Invite(endpoint: "second"));
        Run(50);

        Assert.Equal(LocalEvidence.DecidedTooLate, Last<TransferFailed>().Evidence.Here());
        Assert.Empty(Second.Legs);
        Answer(Messages.Reroutes[0].Refer!, Invite(endpoint: "second"));
        Run(50);
        Assert.Single(Second.Legs);
    }

    private void With(string trunk, Func<TrunkOptions, TrunkOptions> change) =>
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t.Name == trunk ? change(t) : t)] };

    private void BridgeByLogicThatDecidesRefers()
    {
        TargetAnswers();
        CallIn();
        DecidesRefers = true;
        Decide(Invite());
        Run(100);
    }

    /// <summary>The router's decision on a REFER arrives.</summary>
    private void Answer(ReferReceived refer, params Handoff[] steps) => Decide(refer, steps);
}
