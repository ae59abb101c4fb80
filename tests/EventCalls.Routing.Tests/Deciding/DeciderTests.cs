using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Tests.Deciding;

public sealed class DeciderTests
{
    [Fact]
    public void The_sample_sends_a_vip_to_the_invite_with_a_refer_behind_it()
    {
        var result = Logics.Decide(Logics.Sample);

        Assert.Null(result.Failure);
        Assert.Equal("vip_support", result.Flow);
        Assert.Equal(["vip_support"], result.FlowChain);
        Assert.Equal("SupportLine.VipSupport (logic.cs:12)", result.DecidedBy);
        Assert.Equal("<sip:+15551234567@127.0.0.1>;tag=1", result.State["caller_id"].GetString());
        Assert.Equal("North Branch", result.State["branch"].GetString());
        Assert.Collection(
            result.Steps,
            invite =>
            {
                Assert.Equal(HandoffMethod.Invite, invite.Method);
                Assert.Equal("+12222222", invite.PhoneNumber);
                Assert.Equal("pstn", invite.OutboundEndpoint);
                Assert.Equal("+15551234567", invite.OutboundCallerId);
                Assert.Empty(invite.SipHeaders);
            },
            refer =>
            {
                Assert.Equal(HandoffMethod.Refer, refer.Method);
                Assert.Equal("sip:support@example.com", refer.ReferTo);
            });
    }

    [Fact]
    public void A_flow_that_does_not_exist_is_named_with_the_line_that_went_there()
    {
        var result = Logics.Decide(Logics.Sample, Calls.Started(caller: "+1"));

        Assert.Equal(RoutingFailureCause.UnknownFlow, result.Failure!.Cause);
        Assert.Contains("'general_support'", result.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("vip_support", result.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("logic.cs:7", result.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(result.Steps);
    }

    [Theory]
    [InlineData("a", "The flows go in a circle: a → b → a. (Line.B (logic.cs:8))")]
    [InlineData("self", "The flows go in a circle: self → self. (Line.Self (logic.cs:8))")]
    [InlineData("none", "There is no flow 'none': the logic has a, b, self. (Line.Start (logic.cs:5))")]
    public void Flows_that_lead_nowhere_are_told_with_the_way_they_went(string flow, string message)
    {
        var result = Logics.Decide(
            Logics.Start(
                "return conv.GotoFlow(conv.CallerNumber);",
                "[Flow(\"a\")] Decision A(Conversation conv) => conv.GotoFlow(\"b\"); [Flow(\"b\")] Decision B(Conversation conv) => conv.GotoFlow(\"a\"); "
                + "[Flow(\"self\")] Decision Self(Conversation conv) => conv.GotoFlow(\"self\");"),
            Calls.Started(caller: flow));

        Assert.Equal(RoutingFailureCause.UnknownFlow, result.Failure!.Cause);
        Assert.Equal(message, result.Failure.Message);
    }

    [Fact]
    public void A_chain_of_flows_ends_in_the_last_one()
    {
        var result = Logics.Decide(Logics.Start(
            "return conv.GotoFlow(\"a\");",
            "[Flow(\"a\")] Decision A(Conversation conv) => conv.GotoFlow(\"b\"); [Flow(\"b\")] Decision B(Conversation conv) => Handoff.Bye(conv.Flow);"));

        Assert.Equal(("b", "b"), (result.Flow, result.Steps[0].Reason));
        Assert.Equal(["a", "b"], result.FlowChain);
    }

    [Theory]
    [InlineData("return null!;")]
    [InlineData("HandoffStep? none = null; return none!;")]
    public void Logic_that_returns_nothing_has_not_decided(string body)
    {
        var result = Logics.Decide(Logics.Start(body));

        Assert.Equal(RoutingFailureCause.NoDecision, result.Failure!.Cause);
        Assert.Contains("Line.Start (logic.cs:", result.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Handoff.Bye().Because(\"vip\")", "vip")]
    [InlineData("Handoff.Bye().Because(\"vip\").Because(null).WithHeader(\"X-A\", \"1\")", "vip")]
    [InlineData("Handoff.Invite(\"1\").Because(\"first\").OrElse(Handoff.Bye().Because(\"then\"))", "first")]
    [InlineData("Handoff.Invite(\"1\").OrElse(Handoff.Bye().Because(\"then\"))", "then")]
    [InlineData("Handoff.Bye()", null)]
    public void A_handoff_says_why(string handoff, string? reason)
    {
        var result = Logics.Decide(Logics.Start($"return {handoff};"));

        Assert.Null(result.Failure);
        Assert.Equal(reason, result.Reason);
    }

    [Fact]
    public void A_reason_that_is_none_is_refused()
    {
        var result = Logics.Decide(Logics.Start("return Handoff.Bye().Because(new string('x', 101));"));

        Assert.Equal(RoutingFailureCause.InvalidDecision, result.Failure!.Cause);
        Assert.StartsWith("handoff.reason: 101 characters are given", result.Failure.Message, StringComparison.Ordinal);
        Assert.Null(result.Reason);
    }

    [Fact]
    public void State_too_large_to_keep_is_refused()
    {
        var result = Logics.Decide(Logics.Start("conv.State[\"x\"] = new string('x', 70_000); return Handoff.Bye();"));

        Assert.Equal(RoutingFailureCause.InvalidDecision, result.Failure!.Cause);
        Assert.StartsWith("state: 70003 bytes", result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_that_built_the_handoff_is_the_one_that_decided()
    {
        const string Source = """
            public sealed class Line : RoutingLogic
            {
                public override Decision Start(Conversation conv)
                {
                    if (conv.CallerNumber == "+1")
                        return Targets.Front();

                    return Handoff.Redirect("+1", "+2");
                }
            }

            public static class Targets
            {
                public static HandoffStep Front() =>
                    Handoff.Reject(486);
            }
            """;

        Assert.Equal("Line.Start (logic.cs:15)", Logics.Decide(Source, Calls.Started(caller: "+1")).DecidedBy);
        // Several contacts leave no room for the compiler to say which line it was: the method's own.
        Assert.Equal("Line.Start (logic.cs:3)", Logics.Decide(Source, Calls.Started(caller: "+2")).DecidedBy);
    }

    [Fact]
    public void An_exception_whose_message_throws_is_told_all_the_same()
    {
        var result = Logics.Decide(Logics.Start(
            "throw new Odd();", "sealed class Odd : Exception { public override string Message => throw new FormatException(); }"));

        Assert.Equal(RoutingFailureCause.LogicThrew, result.Failure!.Cause);
        Assert.Equal("The logic threw Odd: (its message threw as well) (logic.cs:5)", result.Failure.Message);
    }

    [Fact]
    public void Fields_of_the_logic_do_not_outlive_a_decision()
    {
        using var logic = Logics.Load(Logics.Start("return Handoff.Bye((++_count).ToString());", "int _count;"));

        for (int i = 0; i < 3; i++)
        {
            var result = Decider.Decide(
                logic, DecisionRequest.For(Calls.Started()), new DecideOptions());
            Assert.Equal("1", result.Steps[0].Reason);
        }
    }

    [Theory]
    [InlineData(1_000, null)]
    [InlineData(200_000, RoutingFailureCause.InvalidDecision)]
    public void More_look_ups_than_can_be_kept_with_the_call_are_no_decision(int count, RoutingFailureCause? cause)
    {
        var tables = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["agents"] = new Dictionary<string, string?> { ["1"] = "4101" } });

        var result = Logics.Decide(
            Logics.Start($"for (int i = 0; i < {count}; i++) conv.Lookup(\"agents\", i.ToString()); return Handoff.Bye();"),
            options: new DecideOptions { Lookups = tables, TimeLimit = TimeSpan.FromSeconds(20) });

        Assert.Equal(cause, result.Failure?.Cause);
        Assert.Equal(cause is null ? count : 0, result.Inputs.Lookups.Count);
        if (cause is not null)
            Assert.Equal("look-ups: 200000 with 10288894 characters are too many to be kept with the call; the limit is 1048576. (Line.Start (logic.cs:5))", result.Failure!.Message);
    }

    [Theory]
    [InlineData("for (int i = 0; i < 100_000; i++) conv.Lookup(\"a\", \"\");", "look-ups: 100000 with 4100000 characters")]
    [InlineData("for (int i = 0; i < 10_000; i++) try { conv.Lookup(\"b\", \"\"); } catch (InvalidOperationException) { }", "look-ups: 10000 with ")]
    [InlineData("for (int i = 0; i < 100_000; i++) conv.Fetch(\"crm\", \"1\");", "look-ups: 100000 with ")]
    public void Many_short_look_ups_are_counted_with_what_is_around_them(string statement, string message)
    {
        var tables = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["a"] = new Dictionary<string, string?>() });

        var result = Logics.Decide(Logics.Start($"{statement} return Handoff.Bye();"), options: new DecideOptions { Lookups = tables, TimeLimit = TimeSpan.FromSeconds(20) });

        Assert.StartsWith(message, result.Failure?.Message, StringComparison.Ordinal);
        Assert.Empty(result.Inputs.Lookups);
    }

    [Fact]
    public void What_is_said_of_a_failure_stays_short_whatever_names_the_logic_makes_up()
    {
        var result = Logics.Decide(Logics.Start("return conv.GotoFlow(new string('x', 10_000_000));"));

        Assert.StartsWith("There is no flow 'xxx", result.Failure!.Message, StringComparison.Ordinal);
        Assert.EndsWith("(Line.Start (logic.cs:5))", result.Failure.Message, StringComparison.Ordinal);
        Assert.InRange(result.Failure.Message.Length, 1, 4100);
    }

    [Fact]
    public void No_handoff_is_no_decision_so_that_the_next_one_is_asked()
    {
        const string Members = "static Decision? Vip(Conversation conv) => conv.CallerNumber == \"+1\" ? Handoff.Invite(\"4900\") : null;";

        Assert.Equal("4100", Logics.Decide(Logics.Start("return Vip(conv) ?? Handoff.Invite(\"4100\");", Members)).Steps[0].PhoneNumber);
        Assert.Equal(RoutingFailureCause.NoDecision, Logics.Decide(Logics.Start("return Vip(conv)!;", Members)).Failure?.Cause);
    }

    [Fact]
    public void The_recorded_clock_and_seed_are_the_ones_decided_with()
    {
        using var logic = Logics.Load(Logics.Start("return Handoff.Bye($\"{conv.Now:O} {conv.Random.Next(1000)}\");"));
        var request = DecisionRequest.For(Calls.Started())
            .WithRecorded(new DecisionInputs { Now = Calls.Noon.AddDays(-1), Seed = 12345 });

        var result = Decider.Decide(logic, request, new DecideOptions());

        Assert.Equal("2026-03-03T12:00:00.0000000+00:00 133", result.Steps[0].Reason);
        Assert.Equal((Calls.Noon.AddDays(-1), 12345), (result.Inputs.Now, result.Inputs.Seed));
    }
}
