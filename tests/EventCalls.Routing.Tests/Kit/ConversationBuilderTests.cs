using EventCalls.Contracts;
using EventCalls.Routing.Kit;

namespace EventCalls.Routing.Tests.Kit;

public sealed class ConversationBuilderTests
{
    [Fact]
    public void A_conversation_has_what_it_was_given()
    {
        var conv = new ConversationBuilder("1", "2")
            .WithHeader("X-A", "a").WithHeader("X-A", "b").OnTrunk("t").WithRequestUri("sip:x@y").At(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(1)))
            .WithState("n", 3).WithLookup("t.c", "k", "v").WithLookup("t.c", "none", null)
            .Build();

        Assert.Equal(("1", "2", "t", "sip:x@y"), (conv.CallerNumber, conv.CalleeNumber, conv.Trunk, conv.RequestUri));
        Assert.Equal(["a", "b"], conv.SipHeaders.All("x-a"));
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 4, 6, 7, TimeSpan.Zero), conv.Now);
        Assert.Equal(3, conv.State.Get<int>("n"));
        Assert.Equal("v", conv.Lookup("t.c", "k"));
        Assert.Null(conv.Lookup("t.c", "none"));
        Assert.Throws<InvalidOperationException>(() => conv.Lookup("other", "k"));
        Assert.Null(conv.LastTransfer);
    }

    [Fact]
    public void A_caller_may_be_vouched_for()
    {
        var conv = new ConversationBuilder("15551234567").WithIdentity(IdentityVerdict.Valid, "B").Build();

        Assert.Equal((IdentityVerdict.Valid, "B", "15551234567"), (conv.IdentityVerdict, conv.VerifiedAttestation, conv.Passports[0].Originating));
        Assert.Equal((IdentityVerdict.Invalid, null, "A"), new ConversationBuilder().WithIdentity(IdentityVerdict.Invalid).Build() is var forged ? (forged.IdentityVerdict, forged.VerifiedAttestation, forged.Attestation) : default);
    }

    [Fact]
    public void Without_being_told_it_is_always_the_same_moment_with_the_same_random_numbers()
    {
        var (a, b) = (new ConversationBuilder().Build(), new ConversationBuilder().Build());

        Assert.Equal(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero), a.Now);
        Assert.Equal(a.Random.Next(1_000_000), b.Random.Next(1_000_000));
        Assert.NotEqual(a.Random.Next(1_000_000), new ConversationBuilder().WithSeed(7).Build().Random.Next(1_000_000));
    }

    [Fact]
    public void A_decision_follows_the_flows()
    {
        var decision = new ConversationBuilder("vip").Decide(new Line());

        Assert.Equal("last", decision.Flow);
        Assert.Equal(["first", "last"], decision.FlowChain);
        Assert.Equal("4900", decision.Handoff.PhoneNumber);
        Assert.Equal("vip", decision.Reason);
        Assert.Equal("yes", decision.State["seen"]);
    }

    [Fact]
    public void What_is_fetched_set_and_noted_is_said_by_the_test_and_shown_to_it()
    {
        var builder = new ConversationBuilder().WithFetch("crm", "+15551234567", """{ "customer": { "tier": "gold" } }""").WithFetch("crm", "+1away", FetchFailure.TimedOut).WithConfig("holiday", "yes");
        var conv = builder.Build();

        Assert.Equal("gold", conv.Fetch("crm", "+15551234567")["customer.tier"]);
        Assert.Equal((false, 404, null), (conv.Fetch("crm", "+1nobody").Found, conv.Fetch("crm", "+1nobody").Status, conv.Fetch("crm", "+1nobody").Failure));
        Assert.Equal(FetchFailure.TimedOut, conv.Fetch("crm", "+1away").Failure);
        Assert.Equal(FetchFailure.NotConfigured, conv.Fetch("erp", "1").Failure);
        Assert.Equal(("yes", null), (conv.Config("holiday"), conv.Config("never_set")));
        var decision = builder.Decide(new Noting());
        Assert.Equal(["hello"], decision.Log);
        Assert.Equal([new LogicMetric("calls", 1)], decision.Metrics);
    }

    private sealed class Noting : RoutingLogic
    {
        public override Decision Start(Conversation conv)
        {
            conv.Log("hello");
            conv.Metric("calls");
            return Handoff.Bye();
        }
    }

    [Fact]
    public void After_a_transfer_TransferFailed_decides()
    {
        var decision = new ConversationBuilder().AfterTransfer(TransferOutcome.Busy, 486, "sip:a@b", "first").Decide(new Line());

        Assert.Equal(486, decision.Handoff.Status);
        Assert.Equal("first", decision.Flow);
    }

    [Theory]
    [InlineData("circle", "circle → circle")]
    [InlineData("nowhere", "no flow 'nowhere' in Line")]
    [InlineData("invalid", "100")]
    [InlineData("none", "without deciding")]
    public void What_is_no_decision_is_told(string caller, string told)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new ConversationBuilder(caller).Decide(new Line()));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    private sealed class Line : RoutingLogic
    {
        public override Decision Start(Conversation conv) => conv.CallerNumber switch
        {
            "vip" => conv.GotoFlow("first"),
            "invalid" => Handoff.Reject(100),
            "none" => null!,
            var other => conv.GotoFlow(other),
        };

        [Flow("first")]
        public Decision First(Conversation conv)
        {
            conv.State["seen"] = "yes";
            return conv.GotoFlow("last");
        }

        [Flow("last")]
        private Decision Last(Conversation conv) => Handoff.Invite("4900").Because("vip");

        [Flow("circle")]
        public Decision Circle(Conversation conv) => conv.GotoFlow("circle");
    }
}
