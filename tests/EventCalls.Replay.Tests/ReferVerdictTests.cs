using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Explaining;
using EventCalls.Routing.Loading;

namespace EventCalls.Replay.Tests;

/// <summary>A REFER of one side of a past call, decided again.</summary>
public sealed class ReferVerdictTests
{
    private const string Override = "public override Decision ReferRequested(Conversation conv) => Handoff.Invite(\"+4999\", outboundEndpoint: conv.Refer!.Leg == \"target\" ? \"people\" : \"pstn\");";

    private static readonly Lazy<CompiledLogic> s_logic = new(() => Logics.Compile(Logics.Support));

    [Fact]
    public async Task What_the_policy_decided_comes_out_the_same_with_logic_that_leaves_it_to_the_policy()
    {
        var replayed = await Logics.ReplayAsync(s_logic.Value, Of(Referred(null)));

        Assert.Equal((Verdict.Same, 2), (replayed.Verdict, replayed.Decisions.Count));
    }

    [Fact]
    public async Task Logic_that_decides_REFERs_sends_them_elsewhere_than_the_policy_did()
    {
        var replayed = await Logics.ReplayAsync(WithOverride(), Of(Referred(null)));

        Assert.Equal(Verdict.Changed, replayed.Verdict);
        Assert.Contains(replayed.Changes, c => c.Now == "+4999");
    }

    [Theory]
    [InlineData("+4999", Verdict.Same)]
    [InlineData("+4998", Verdict.Changed)]
    public async Task What_logic_decided_is_decided_again(string was, Verdict verdict)
    {
        var replayed = await Logics.ReplayAsync(WithOverride(), Of(Referred(was)));

        Assert.True(verdict == replayed.Verdict, $"{replayed.Unrecorded} {replayed.Error} {string.Join("; ", replayed.Changes)}");
        Assert.Equal(2, replayed.Decisions.Count);
        var inDeciders = Assert.Single(await Logics.ReplayAsync(WithOverride(), [Of(Referred(was))], Deciders.InDecidersTests.s_options));
        Assert.Equal((verdict, 2), (inDeciders.Verdict, inDeciders.Decisions.Count));
    }

    [Theory]
    [InlineData(null, DecisionKind.Policy)]
    [InlineData("+4999", DecisionKind.Logic)]
    public void The_decision_is_found_in_the_stream_with_the_REFER_that_asked_for_it(string? decided, DecisionKind kind)
    {
        var decisions = RecordedDecisions.Of(Referred(decided));

        Assert.Equal([DecisionKind.Logic, kind], decisions.Select(d => d.Kind));
        Assert.Equal("target", decisions[1].OnRefer!.Leg);
        Assert.Null(decisions[0].OnRefer);
        Assert.Equal(decided is not null, decisions[1].Request?.Refer is not null);
    }

    private static CompiledLogic WithOverride()
    {
        int end = Logics.Support.LastIndexOf('}');
        return Logics.Compile(Logics.Support.Insert(end, Override));
    }

    private static Store.CallHistory Of(IReadOnlyList<CallEvent> events) => PastCalls.Of(events);

    /// <summary>A past call in which the target sent a REFER; decided by the policy, or by logic to that number.</summary>
    private static List<CallEvent> Referred(string? decided)
    {
        var events = PastCalls.Events(new PastCalls(s_logic.Value).Call());
        var started = (CallStarted)events[0];
        var selected = events.OfType<FlowSelected>().Single();
        var refer = new ReferReceived
        {
            EventId = Guid.CreateVersion7(),
            CallId = started.CallId,
            CausationId = events[^2].EventId,
            OccurredAt = started.OccurredAt.AddSeconds(20),
            Leg = "target",
            ReferTo = "sip:person@x",
            Target = "sip:person@x",
            Policy = ReferPolicy.CarryOut,
            Status = 202,
        };
        var again = selected with { EventId = Guid.CreateVersion7(), CausationId = refer.EventId, OccurredAt = refer.OccurredAt, Inputs = selected.Inputs! with { Now = refer.OccurredAt } };
        var handoff = events.OfType<HandoffRequested>().Single() with
        {
            EventId = Guid.CreateVersion7(),
            HandoffId = Guid.CreateVersion7(),
            CausationId = decided is null ? refer.EventId : again.EventId,
            RequestedBy = decided is null ? Requester.Target : Requester.Router,
            Reason = null,
            Selected = null,
            Steps = [decided is null ? ReferSteps.Of(refer) : new Handoff { Method = HandoffMethod.Invite, PhoneNumber = decided, OutboundEndpoint = "people" }],
        };
        events.InsertRange(events.Count - 1, decided is null ? [refer, handoff] : [refer, again, handoff]);
        return events;
    }
}
