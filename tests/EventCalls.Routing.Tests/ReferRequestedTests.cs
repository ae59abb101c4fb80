using EventCalls.Contracts;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Tests;

/// <summary>A REFER of one side of a call, as a decision.</summary>
public sealed class ReferRequestedTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Journal _journal = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Logic_sees_what_was_asked_and_its_handoff_is_caused_by_the_REFER()
    {
        await using var router = await StartAsync(Logics.Start(
            "return Handoff.Bye();",
            """
            public override Decision ReferRequested(Conversation conv)
            {
                var refer = conv.Refer!;
                conv.State["asked"] = $"{refer.Leg} {refer.Target} {refer.Headers["user-to-user"]} {refer.ReferredBy} {refer.Policy} {conv.Flow} {conv.Now:O}";
                return Handoff.Invite(refer.Target, outboundEndpoint: "people");
            }
            """));
        var question = Question(ReferPolicy.Refuse);

        await router.DecideAsync(question, default);

        var selected = Assert.IsType<FlowSelected>(_journal.Appends.Single()[0]);
        var requested = Assert.IsType<HandoffRequested>(_journal.Appends.Single()[1]);
        Assert.Equal(question.Refer!.EventId, selected.CausationId);
        Assert.True(selected.DecidesRefers);
        Assert.Equal($"target +1555 56a1 <sip:agent@x> Refuse vip_support {question.Refer.OccurredAt:O}", selected.State["asked"].GetString());
        Assert.Equal(1, selected.State["tries"].GetInt32());
        Assert.Equal((Requester.Router, "+1555", "people"), (requested.RequestedBy, requested.Steps[0].PhoneNumber, requested.Steps[0].OutboundEndpoint));
        Assert.Equal(selected, requested.Selected);
    }

    [Theory]
    [InlineData(ReferPolicy.CarryOut, "invite +1555 via pstn")]
    [InlineData(ReferPolicy.Pass, "refer sip:+1555@x?User-to-User=56a1")]
    [InlineData(ReferPolicy.Refuse, "reject 603")]
    public async Task Logic_that_decides_nothing_of_its_own_follows_the_policy_and_is_not_to_be_asked(ReferPolicy policy, string words)
    {
        await using var router = await StartAsync(Logics.Start("return Handoff.Bye();"));

        await router.DecideAsync(Question(policy), default);

        Assert.Null(Assert.IsType<FlowSelected>(_journal.Appends.Single()[0]).DecidesRefers);
        Assert.Equal(words, HandoffWords.Of(Assert.IsType<HandoffRequested>(_journal.Appends.Single()[1]).Steps));
    }

    [Fact]
    public async Task When_the_logic_fails_the_policy_is_taken_and_not_the_default_for_new_calls()
    {
        await using var router = await StartAsync(Logics.Start(
            "return Handoff.Bye();",
            "public override Decision ReferRequested(Conversation conv) => throw new System.InvalidOperationException(\"no\");"));

        await router.DecideAsync(Question(ReferPolicy.CarryOut), default);

        var events = _journal.Appends.Single();
        Assert.Equal("invite +1555 via pstn", Assert.IsType<RoutingFailed>(events[0]).DefaultTaken);
        Assert.True(Assert.IsType<FlowSelected>(events[1]).DecidesRefers);
        var requested = Assert.IsType<HandoffRequested>(events[2]);
        Assert.Equal((Requester.Default, "invite +1555 via pstn"), (requested.RequestedBy, HandoffWords.Of(requested.Steps)));
    }

    private static RerouteCall Question(ReferPolicy policy) => Calls.Reroute(TransferOutcome.Busy) with
    {
        Failed = null,
        CallerAnswered = true,
        Refer = new ReferReceived
        {
            EventId = new Guid("0198c0de-0000-7000-8000-000000000005"),
            CallId = Calls.Started().CallId,
            CausationId = Calls.Started().EventId,
            OccurredAt = Calls.Noon.AddSeconds(30),
            Leg = "target",
            ReferTo = "sip:+1555@x?User-to-User=56a1",
            Target = "+1555",
            Headers = [new SipHeader("User-to-User", "56a1")],
            ReferredBy = "<sip:agent@x>",
            Policy = policy,
            OutboundEndpoint = "pstn",
            Status = 202,
        },
    };

    private async Task<Router> StartAsync(string source)
    {
        _folder.Write("logic.cs", source);
        var options = new RouterOptions { LogicPath = _folder.Path, HotReload = false, TimeLimit = TimeSpan.FromSeconds(5) };
        var router = new Router(options, _journal, new VersionSink(), LookupTables.None, TimeProvider.System, NullLogger<Router>.Instance);
        await router.StartAsync(default);
        return router;
    }
}
