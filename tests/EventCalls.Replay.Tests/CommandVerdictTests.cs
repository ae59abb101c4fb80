using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Explaining;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Replay.Tests;

/// <summary>A past call whose state and flow were changed from outside, decided again.</summary>
public sealed class CommandVerdictTests
{
    private const string Upgrade = """
        [Flow("upgrade")]
        public Decision Upgrade(Conversation conv)
        {
            conv.State.Set("count", conv.State.Get<int>("count") + 1);
            return Handoff.Invite(conv.State["tier"] == "gold" ? "+4999" : "+4000", outboundEndpoint: "pstn").WithHeader("X-Was", conv.Flow + conv.State["count"]);
        }
        """;

    private static readonly Lazy<CompiledLogic> s_logic = new(() => Compile(Upgrade));

    [Fact]
    public async Task What_was_decided_in_the_flow_with_the_changed_state_is_decided_again()
    {
        var replayed = await Logics.ReplayAsync(s_logic.Value, PastCalls.Of(Steered()));

        Assert.True(replayed.Verdict == Verdict.Same, $"{replayed.Unrecorded} {replayed.Error} {string.Join("; ", replayed.Changes)}");
        Assert.Equal(3, replayed.Decisions.Count);
        var inDeciders = Assert.Single(await Logics.ReplayAsync(s_logic.Value, [PastCalls.Of(Steered())], Deciders.InDecidersTests.s_options));
        Assert.Equal((Verdict.Same, 3), (inDeciders.Verdict, inDeciders.Decisions.Count));
    }

    [Fact]
    public async Task Logic_that_decides_otherwise_in_the_flow_changes_the_call()
    {
        var replayed = await Logics.ReplayAsync(Compile(Upgrade.Replace("+4999", "+4998", StringComparison.Ordinal)), PastCalls.Of(Steered()));

        Assert.Equal(Verdict.Changed, replayed.Verdict);
        Assert.Contains(replayed.Changes, c => c.Was == "+4999" && c.Now == "+4998");
    }

    [Fact]
    public async Task A_flow_that_the_candidate_has_not_is_an_error()
    {
        var replayed = await Logics.ReplayAsync(Logics.Compile(Logics.Support), PastCalls.Of(Steered()));

        Assert.Equal(Verdict.Error, replayed.Verdict);
        Assert.Contains("upgrade", replayed.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_failed_about_two_who_talk_fails_again_and_the_call_is_the_same(bool targetLeft)
    {
        var events = Failed(targetLeft);
        var replayed = await Logics.ReplayAsync(s_logic.Value, PastCalls.Of(events));

        Assert.True(replayed.Verdict == Verdict.Same, $"{replayed.Unrecorded} {replayed.Error} {string.Join("; ", replayed.Changes)}");
        Assert.Equal(2, replayed.Decisions.Count);
        var decision = Assert.Single(RecordedDecisions.Of(events), d => d.OnCommand is not null);
        Assert.Equal(DecisionKind.Default, decision.Kind);
        Assert.Equal(events.OfType<FlowSelected>().First().Flow, CallMoment.AsOf(PastCalls.Of(events).Events, events.Count).Row.Flow);
        Assert.Equal(targetLeft ? CallPhase.HandingOff : CallPhase.Connected, CallMoment.AsOf(PastCalls.Of(events).Events, events.Count - 1).Phase);
    }

    [Fact]
    public async Task A_decision_that_the_command_overtook_is_not_gone_on_from()
    {
        var events = Steered(overtaken: true);
        var replayed = await Logics.ReplayAsync(s_logic.Value, PastCalls.Of(events));

        Assert.True(replayed.Verdict == Verdict.Same, $"{replayed.Unrecorded} {replayed.Error} {string.Join("; ", replayed.Changes)}");
        Assert.Equal(3, replayed.Decisions.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_decision_of_the_stream_can_be_taken_again_as_it_was(bool overtaken)
    {
        var events = Steered(overtaken);
        var decisions = RecordedDecisions.Of(events);

        Assert.Equal(3, decisions.Count);
        Assert.Equal("anna", decisions.Single(d => d.OnCommand is not null).OnCommand!.By);
        foreach (var decision in decisions)
        {
            var again = Decide(decision.Request!);
            Assert.Equal(JsonSerializer.Serialize(decision.Selected!.State.OrderBy(s => s.Key)), JsonSerializer.Serialize(again.State.OrderBy(s => s.Key)));
            Assert.Equal(JsonSerializer.Serialize(decision.Handoff!.Steps), JsonSerializer.Serialize(again.Steps));
        }
    }

    [Fact]
    public void A_moment_has_the_state_as_it_was_changed_until_then()
    {
        var events = Steered();
        var stored = PastCalls.Of(events).Events;
        int At(CallEvent e) => events.IndexOf(e) + 1;
        var changes = events.OfType<StateChanged>().ToList();
        var flow = events.OfType<FlowSelected>().ElementAt(1);

        Assert.False(CallMoment.AsOf(stored, At(changes[0]) - 1).State.ContainsKey("note"));
        Assert.Equal("gold", CallMoment.AsOf(stored, At(changes[0])).State["tier"].GetString());
        // The decision on the flow was under way when it was changed again, and did not know.
        Assert.False(flow.State.ContainsKey("late"));
        Assert.Equal("yes", CallMoment.AsOf(stored, At(flow)).State["late"].GetString());
        Assert.Equal(2, CallMoment.AsOf(stored, At(flow)).State["count"].GetInt32());
    }

    /// <summary>
    /// Bridged by logic; its state is changed; sent to a flow, and while that is decided changed again; what the flow dials is busy, the target has gone, and the routers are asked.
    /// Overtaken: the flow was asked for before the first decision had come, which was refused then.
    /// </summary>
    private static List<CallEvent> Steered(bool overtaken = false)
    {
        var calls = new PastCalls(s_logic.Value);
        var started = calls.Started("+15550001", "+15559999", new SipHeader("X-Tier", "silver"));
        List<CallEvent> events = [started];
        var (first, handoff) = Decided(DecisionRequest.For(started));
        FlowSelected? before = overtaken ? null : first;
        if (!overtaken)
            events.AddRange([first, handoff, Draft.Attempt(handoff.HandoffId, 1, HandoffMethod.Invite, "sip:4900@192.0.2.9").After(handoff, Guid.CreateVersion7())]);
        var set = Command(events, CommandKind.State);
        var change = Changed(set, ("tier", "\"gold\""), ("note", "\"x\""), ("count", "1"));
        events.AddRange([set, change]);
        var taken = Command(events, CommandKind.Flow) with { Flow = "upgrade", After = before?.EventId };
        var more = Changed(taken, ("note", "null"));
        events.AddRange([taken, more]);
        var late = Command(events, CommandKind.State);
        var lateChange = Changed(late, ("late", "\"yes\""));
        events.AddRange([late, lateChange]);
        var state = StateChanged.After(StateChanged.After(before?.State, change.Changes), more.Changes);
        var (second, moved) = Decided(DecisionRequest.For(new RerouteCall { Started = started, Selected = before, State = state, Command = taken, Target = "sip:4900@192.0.2.9", CallerAnswered = true }));
        if (overtaken)
        {
            // Recorded by the router meanwhile, and too late.
            events.AddRange([first, handoff, (Draft.Failed(handoff.HandoffId, 1, HandoffMethod.Invite, SipEvidence.Local(LocalEvidence.DecidedTooLate)) with { Outcome = TransferOutcome.Error }).After(handoff, Guid.CreateVersion7())]);
        }
        var attempt = Draft.Attempt(moved.HandoffId, 1, HandoffMethod.Invite, "sip:4999@192.0.2.9").After(moved, Guid.CreateVersion7());
        var failed = (Draft.Failed(moved.HandoffId, 1, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 486 }) with { Outcome = TransferOutcome.Busy }).After(attempt, Guid.CreateVersion7(), 3_000);
        events.AddRange([second, moved, attempt, failed]);
        var (third, last) = Decided(DecisionRequest.For(new RerouteCall
        {
            Started = started,
            Selected = second,
            State = StateChanged.After(second.State, lateChange.Changes),
            Failed = failed,
            Target = attempt.Target,
            CallerAnswered = false,
        }));
        events.AddRange([third, last]);
        Assert.Equal("+4999", moved.Steps[0].PhoneNumber);
        events.Add(PastCalls.Ended(events));
        return events;
    }

    /// <summary>Bridged by logic and sent to a flow that there is not; the two talk on, or the target hangs up meanwhile, so that the node does the default.</summary>
    private static List<CallEvent> Failed(bool targetLeft)
    {
        var calls = new PastCalls(s_logic.Value);
        var started = calls.Started("+15550001", "+15559999", new SipHeader("X-Tier", "silver"));
        var (first, handoff) = Decided(DecisionRequest.For(started));
        var attempt = Draft.Attempt(handoff.HandoffId, 1, HandoffMethod.Invite, "sip:4900@192.0.2.9").After(handoff, Guid.CreateVersion7());
        List<CallEvent> events = [started, first, handoff, attempt, Draft.Completed(handoff.HandoffId, 1, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 200 }).After(attempt, Guid.CreateVersion7())];
        var taken = Command(events, CommandKind.Flow) with { Flow = "nosuch", After = first.EventId };
        var request = DecisionRequest.For(new RerouteCall { Started = started, Selected = first, Command = taken, Target = attempt.Target, CallerAnswered = true });
        var result = Decide(request);
        events.Add(taken);
        events.AddRange(DecisionEvents.Unchanged(request, result, "none: the two who talk go on", taken.OccurredAt));
        if (targetLeft)
            events.Add(Draft.Requested(Guid.CreateVersion7(), Requester.Default, [new Handoff { Method = HandoffMethod.Reject, Status = 480 }]).After(events[^1], Guid.CreateVersion7()));
        events.Add(PastCalls.Ended(events));
        return events;
    }

    private static CompiledLogic Compile(string flow)
    {
        int end = Logics.Support.LastIndexOf('}');
        return Logics.Compile(Logics.Support.Insert(end, flow));
    }

    private static DecisionResult Decide(DecisionRequest request) => Decider.Decide(s_logic.Value, request, new DecideOptions { Lookups = LookupTables.None });

    private static (FlowSelected, HandoffRequested) Decided(DecisionRequest request)
    {
        var result = Decide(request);
        Assert.Null(result.Failure);
        var selected = (Draft.Selected(result.Flow) with { State = result.State, LogicVersion = result.LogicVersion, DecidedBy = result.DecidedBy, Inputs = result.Inputs })
            .After(request.Cause, Guid.CreateVersion7(), 5);
        return (selected, (Draft.Requested(Guid.CreateVersion7(), Requester.Router, result.Steps) with { Reason = result.Reason }).After(selected, Guid.CreateVersion7()));
    }

    private static CommandTaken Command(List<CallEvent> events, CommandKind kind) =>
        new CommandTaken { CommandId = Guid.CreateVersion7(), Kind = kind, By = "anna" }.After(events[^1], Guid.CreateVersion7(), 1_000);

    private static StateChanged Changed(CommandTaken by, params (string Key, string Json)[] changes) =>
        new StateChanged { Changes = changes.ToDictionary(c => c.Key, c => JsonDocument.Parse(c.Json).RootElement) }.After(by, Guid.CreateVersion7());
}
