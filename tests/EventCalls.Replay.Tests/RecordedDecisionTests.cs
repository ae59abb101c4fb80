using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing.Loading;

namespace EventCalls.Replay.Tests;

public sealed class RecordedDecisionTests
{
    private static readonly Lazy<CompiledLogic> s_logic = new(() => Logics.Compile(Logics.Support));

    private static CompiledLogic Logic => s_logic.Value;

    private static CompiledLogic Changed(string before, string after)
    {
        Assert.Contains(before, Logics.Support, StringComparison.Ordinal);
        return Logics.Compile(Logics.Support.Replace(before, after, StringComparison.Ordinal));
    }

    private static string Text(IReadOnlyList<FieldChange> changes) => string.Join("; ", changes.Select(c => $"{c.Field}: {c.Was ?? "-"} > {c.Now ?? "-"}"));

    [Fact]
    public async Task A_call_whose_callers_data_were_masked_is_not_replayable_and_says_so()
    {
        var call = new PastCalls(Logic).Call();
        var masked = call.Call with { MaskedAt = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero) };

        var replayed = await Logics.ReplayAsync(Logic, call with { Call = masked });

        Assert.Equal((Verdict.NotReplayable, "the caller's data were masked on 2026-05-04"), (replayed.Verdict, replayed.Unrecorded));
    }

    [Fact]
    public async Task Calls_without_a_decision_are_not_replayable_and_say_why()
    {
        var past = new PastCalls(Logic);
        var started = past.Started();
        var timedOut = Draft.TimedOut().After(started, Guid.CreateVersion7(), 2_000);
        var byDefault = Draft.Requested(Guid.CreateVersion7(), Requester.Default, new Handoff { Method = HandoffMethod.Reject, Status = 480 }).After(timedOut, Guid.CreateVersion7());

        var open = await Logics.ReplayAsync(Logic, PastCalls.Of(started));
        var gaveUp = await Logics.ReplayAsync(Logic, PastCalls.Of(started, PastCalls.Ended([started])));
        var late = await Logics.ReplayAsync(Logic, PastCalls.Of(started, timedOut, byDefault, PastCalls.Ended([started, byDefault])));

        Assert.Equal(("the call is open and nothing has been decided yet", Verdict.NotReplayable), (open.Unrecorded, open.Verdict));
        Assert.Equal("the call ended before a decision was recorded", gaveUp.Unrecorded);
        Assert.Equal("no decision was recorded: none came within 2000 ms, and the default was taken", late.Unrecorded);
    }

    [Fact]
    public async Task A_decision_that_came_after_the_deadline_is_what_is_compared()
    {
        var events = PastCalls.Events(new PastCalls(Logic).Call());
        var started = (CallStarted)events[0];
        var timedOut = Draft.TimedOut().After(started, Guid.CreateVersion7(), 2_000);
        var byDefault = Draft.Requested(Guid.CreateVersion7(), Requester.Default, new Handoff { Method = HandoffMethod.Reject, Status = 480 }).After(timedOut, Guid.CreateVersion7());
        var call = PastCalls.Of(started, timedOut, byDefault, events[1], events[2]);
        using var candidate = Changed("\"+4900\"", "\"+4901\"");

        Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(Logic, call)).Verdict);
        Assert.Equal("target: +4900 > +4901", Text((await Logics.ReplayAsync(candidate, call)).Changes));
    }

    [Fact]
    public async Task A_call_known_by_its_handoff_only_is_compared_by_that_and_reading_what_was_not_recorded_is_named()
    {
        var events = PastCalls.Events(new PastCalls(Logic).Call());
        var call = PastCalls.Of(events[0], ((HandoffRequested)events[2]) with { CausationId = events[0].EventId, RequestedBy = Requester.Caller });
        using var clock = Changed("conv.State.Set(\"count\", 1);", "conv.State[\"at\"] = conv.Now.ToString(\"O\");");
        using var random = Changed("conv.State.Set(\"count\", 1);", "conv.State.Set(\"r\", conv.Random.Next(5));");

        Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(Logic, call)).Verdict);
        Assert.StartsWith("conv.Now", (await Logics.ReplayAsync(clock, call)).Unrecorded, StringComparison.Ordinal);
        Assert.StartsWith("conv.Random", (await Logics.ReplayAsync(random, call)).Unrecorded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_imported_call_is_compared_by_what_the_import_shows()
    {
        var events = PastCalls.Events(new PastCalls(Logic).Call());
        HandoffRequested Imported(string number) => ((HandoffRequested)events[2]) with
        {
            CausationId = events[1].EventId,
            RequestedBy = Requester.Import,
            Steps = [new Handoff { Method = HandoffMethod.Invite, PhoneNumber = number }],
        };
        var flow = (FlowSelected)events[1] with { Inputs = null, State = new Dictionary<string, System.Text.Json.JsonElement>(), LogicVersion = "none", DecidedBy = "import" };

        Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(Logic, PastCalls.Of(events[0], flow, Imported("sip:+4900@192.0.2.8:5080")))).Verdict);
        Assert.Equal("target: +4700 > +4900", Text((await Logics.ReplayAsync(Logic, PastCalls.Of(events[0], flow, Imported("+4700")))).Changes));
        Assert.Equal("flow: sales > vip", Text((await Logics.ReplayAsync(Logic, PastCalls.Of(events[0], flow with { Flow = "sales" }, Imported("+4900")))).Changes));
    }

    [Fact]
    public async Task A_handoff_that_the_api_asked_for_is_no_decision_but_one_after_its_failure_is()
    {
        var events = PastCalls.Events(new PastCalls(Logic).Call(failures: TransferOutcome.Busy));
        int handoff = events.FindIndex(e => e is HandoffRequested);
        var started = (CallStarted)events[0];
        var api = Draft.Requested(Guid.CreateVersion7(), Requester.Api, new Handoff { Method = HandoffMethod.Bye }).After(started, Guid.CreateVersion7());
        events.Insert(handoff + 1, api);

        var call = await Logics.ReplayAsync(Logic, PastCalls.Of(events));

        Assert.Equal((Verdict.Same, 2), (call.Verdict, call.Decisions.Count));
    }

    [Fact]
    public async Task Calls_that_a_webhook_decided_are_compared_like_all_others()
    {
        var events = PastCalls.Events(new PastCalls(Logic).Call());
        events[1] = (FlowSelected)events[1] with { LogicVersion = "webhook:https://example.com/route", DecidedBy = "POST https://example.com/route" };

        Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(Logic, PastCalls.Of(events))).Verdict);
    }
}
