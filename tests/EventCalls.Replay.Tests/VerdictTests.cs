using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Store;

namespace EventCalls.Replay.Tests;

public sealed class VerdictTests
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
    public async Task A_destination_is_what_it_was_and_todays_where_that_is_asked_for()
    {
        HandoffDestinations Of(string number, string name = "support") => HandoffDestinations.Of(
            [new HandoffDestination { Name = name, Step = new Handoff { Method = HandoffMethod.Invite, PhoneNumber = number }, IsDefault = true }]);
        using var logic = Logics.Compile(Logics.Start("return conv.CallHandoff(\"support\");"));
        var call = new PastCalls(logic, Of("2222").AddTo(LookupTables.None)).Call();

        Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(logic, call)).Verdict);
        Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(logic, call, new ReplayOptions { Handoffs = Of("2222") })).Verdict);
        var moved = await Logics.ReplayAsync(logic, call, new ReplayOptions { Handoffs = Of("3333") });
        Assert.Equal((Verdict.Changed, "target: 2222 > 3333"), (moved.Verdict, Text(moved.Changes)));
        var gone = await Logics.ReplayAsync(logic, call, new ReplayOptions { Handoffs = Of("3333", "other") });
        Assert.Equal(Verdict.Error, gone.Verdict);
        Assert.Contains("There is no handoff destination 'support'; configured (EventCalls:Handoffs): other.", gone.Error!.Message, StringComparison.Ordinal);
        using var candidate = Logics.Compile(Logics.Start("return conv.CallHandoff(\"desk\");"));
        Assert.Equal(Verdict.NotReplayable, (await Logics.ReplayAsync(candidate, call)).Verdict);
        Assert.Equal(Verdict.Changed, (await Logics.ReplayAsync(candidate, call, new ReplayOptions { Handoffs = Of("4444", "desk") })).Verdict);
    }

    [Fact]
    public async Task The_same_logic_gives_the_same_for_every_call_and_after_every_failed_transfer()
    {
        var past = new PastCalls(Logic);
        CallHistory[] calls =
        [
            past.Call(), past.Call("+1777"), past.Call(headers: [new("x-tier", "gold")]),
            past.Call(failures: TransferOutcome.Busy), past.Call(failures: [TransferOutcome.Busy, TransferOutcome.NoAnswer]),
            past.Call(failures: [TransferOutcome.NotFound]),
        ];

        var replayed = await Logics.ReplayAsync(Logic, calls);

        Assert.All(replayed, call => Assert.True(call.Verdict == Verdict.Same, $"{call.Unrecorded} {call.Error} {Text(call.Changes)}"));
        Assert.Equal(calls.Select(c => c.Call.CallId), replayed.Select(c => c.Call.CallId));
        Assert.Equal([1, 1, 1, 2, 3, 2], replayed.Select(c => c.Decisions.Count));
    }

    [Theory]
    [InlineData("conv.GotoFlow(\"vip\")", "conv.GotoFlow(\"general\")", "flow: vip > general; target: +4900 > +4100; caller_id: +15550001 > -; headers.X-Tier: gold > -; fallbacks: refer sip:support@example.com > -")]
    [InlineData("\"+4900\"", "\"+4901\"", "target: +4900 > +4901")]
    [InlineData("Invite(\"+4900\", outboundEndpoint: \"pstn\"", "Invite(\"+4900\", outboundEndpoint: \"backup\"", "outbound_endpoint: pstn > backup")]
    [InlineData("outboundCallerId: conv.CallerNumber)", "outboundCallerId: conv.CallerNumber, ringTimeout: TimeSpan.FromSeconds(9))", "ring_timeout: - > 9")]
    [InlineData(".WithHeader(\"X-Tier\", conv.State[\"tier\"])", ".WithHeader(\"X-Tier\", \"none\").WithHeader(\"X-B\", \"1\")", "headers.X-Tier: gold > none; headers.X-B: - > 1")]
    [InlineData("sip:support@example.com", "sip:other@example.com", "fallbacks: refer sip:support@example.com > refer sip:other@example.com")]
    [InlineData("conv.State.Set(\"count\", 1);", "conv.State.Set(\"count\", 2); conv.State[\"new\"] = \"x\";", "state.count: 1 > 2; state.new: - > x")]
    [InlineData("Handoff.Invite(\"+4900\", outboundEndpoint: \"pstn\", outboundCallerId: conv.CallerNumber)", "Handoff.Reject(603, \"No\")", "handoff: invite > reject; target: +4900 > -; caller_id: +15550001 > -; outbound_endpoint: pstn > -; status: - > 603; reason: - > No")]
    public async Task A_changed_call_says_what_is_otherwise_field_by_field(string before, string after, string changes)
    {
        using var candidate = Changed(before, after);

        var call = await Logics.ReplayAsync(candidate, new PastCalls(Logic).Call(headers: [new("X-Tier", "gold")]));

        Assert.Equal(Verdict.Changed, call.Verdict);
        Assert.Equal(changes, Text(call.Changes));
    }

    [Fact]
    public async Task A_change_after_a_failed_transfer_is_found_and_named_as_such()
    {
        using var candidate = Changed("\"+4800\"", "\"+4801\"");
        var past = new PastCalls(Logic);

        var failed = await Logics.ReplayAsync(candidate, past.Call(failures: TransferOutcome.Busy));
        var answered = await Logics.ReplayAsync(candidate, past.Call());

        Assert.Equal("retry[1].target: +4800 > +4801", Text(failed.Changes));
        Assert.Equal(Verdict.Same, answered.Verdict);
    }

    [Fact]
    public async Task The_candidates_own_state_flows_on_into_the_decision_after_a_failure()
    {
        using var candidate = Changed("conv.State.Set(\"count\", 1);", "conv.State.Set(\"count\", 5);");

        var call = await Logics.ReplayAsync(candidate, new PastCalls(Logic).Call(failures: TransferOutcome.Busy));

        Assert.Equal("state.count: 1 > 5; retry[1].state.count: 2 > 6", Text(call.Changes));
    }

    [Fact]
    public async Task Once_a_handoff_differs_the_rest_of_the_past_no_longer_applies()
    {
        using var candidate = Changed("\"+4900\"", "\"+4901\"");

        var call = await Logics.ReplayAsync(candidate, new PastCalls(Logic).Call(failures: TransferOutcome.Busy));

        Assert.Single(call.Decisions);
        Assert.Equal(Verdict.Changed, call.Verdict);
        Assert.Equal(3, call.Attempts.Count);
    }

    [Fact]
    public async Task Logic_that_throws_gives_an_error_with_file_and_line()
    {
        using var candidate = Logics.Compile(Logics.Start("throw new System.InvalidOperationException(\"no such branch\");"));

        var call = await Logics.ReplayAsync(candidate, new PastCalls(Logic).Call());

        Assert.Equal(Verdict.Error, call.Verdict);
        Assert.Equal(RoutingFailureCause.LogicThrew, call.Error!.Cause);
        Assert.Equal("System.InvalidOperationException", call.Error.ExceptionType);
        Assert.Equal(("line.cs", 5), (call.Error.File, call.Error.Line));
        Assert.Null(Assert.Single(call.Decisions).Now);
    }

    [Fact]
    public async Task A_call_that_got_the_default_because_the_logic_threw_is_the_same_while_it_throws_and_changed_when_it_decides()
    {
        using var throwing = Logics.Compile(Logics.Start("throw new System.InvalidOperationException();"));
        var call = new PastCalls(throwing).Call();

        var still = await Logics.ReplayAsync(throwing, call);
        var mended = await Logics.ReplayAsync(Logic, call);

        Assert.Equal(Verdict.Same, still.Verdict);
        Assert.True(still.Decisions[0].Was.ByDefault);
        Assert.Equal(Verdict.Changed, mended.Verdict);
        Assert.Contains("flow: default > vip", Text(mended.Changes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_reason_for_the_same_handoff_is_a_change()
    {
        using var was = Logics.Compile(Logics.Start("return Handoff.Bye().Because(\"vip\");"));
        using var now = Logics.Compile(Logics.Start("return Handoff.Bye().Because(\"queue_full\");"));

        var call = await Logics.ReplayAsync(now, new PastCalls(was).Call());

        Assert.Equal(new FieldChange("handoff.reason", "vip", "queue_full"), Assert.Single(call.Changes));
        Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(was, new PastCalls(was).Call())).Verdict);
    }

    [Fact]
    public async Task The_recorded_clock_and_seed_are_used_again()
    {
        using var logic = Logics.Compile(Logics.Start("conv.State[\"n\"] = $\"{conv.Random.Next(1000000)} {conv.Now:O}\"; return Handoff.Bye();"));

        var calls = await Logics.ReplayAsync(logic, Enumerable.Range(0, 50).Select(_ => new PastCalls(logic).Call()));

        Assert.All(calls, call => Assert.Equal(Verdict.Same, call.Verdict));
    }

    [Fact]
    public async Task A_recorded_look_up_is_answered_from_the_record_and_another_one_is_not_replayable_or_asked_of_todays_tables()
    {
        var tables = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["branch"] = new Dictionary<string, string?> { ["+15559999"] = "north" } });
        var today = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["branch"] = new Dictionary<string, string?> { ["+15559999"] = "south", ["+15550001"] = "x" } });
        const string Ask = "conv.State[\"b\"] = conv.Lookup(\"branch\", conv.CalleeNumber); return Handoff.Bye();";
        using var logic = Logics.Compile(Logics.Start(Ask));
        using var asksMore = Logics.Compile(Logics.Start("try { conv.Lookup(\"branch\", conv.CallerNumber); } catch (System.InvalidOperationException) { } " + Ask));
        var call = new PastCalls(logic, tables).Call();

        Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(logic, call, new ReplayOptions { LiveLookups = today })).Verdict);
        var refused = await Logics.ReplayAsync(asksMore, call);
        Assert.Equal(Verdict.NotReplayable, refused.Verdict);
        Assert.Contains("conv.Lookup(\"branch\", \"+15550001\")", refused.Unrecorded, StringComparison.Ordinal);
        var live = await Logics.ReplayAsync(asksMore, call, new ReplayOptions { LiveLookups = today });
        Assert.Equal((Verdict.Same, 1), (live.Verdict, live.LiveLookups));
    }

    [Fact]
    public async Task A_decision_that_does_not_end_is_given_up_and_the_others_go_on()
    {
        using var hanging = Logics.Compile(Logics.Start(
            "if (conv.CallerNumber == \"+1hang\") System.Text.RegularExpressions.Regex.IsMatch(new string('a', 44) + \"!\", \"^(a+)+$\"); return Handoff.Bye();"));
        var past = new PastCalls(Logic);

        var replayed = await Logics.ReplayAsync(
            hanging, [past.Call(), past.Call("+1hang"), past.Call()], new ReplayOptions { Threads = 1, HangLimit = TimeSpan.FromSeconds(1) });

        Assert.Equal([Verdict.Changed, Verdict.Error, Verdict.Changed], replayed.Select(c => c.Verdict));
        Assert.Equal(RoutingFailureCause.LogicTimedOut, replayed[1].Error!.Cause);
    }

    [Fact]
    public async Task What_was_tried_is_told_with_the_step_it_was()
    {
        var call = await Logics.ReplayAsync(Logic, new PastCalls(Logic).Call(failures: TransferOutcome.Busy));

        Assert.Equal(
            ["invite +4900 via pstn Busy", "refer sip:support@example.com Busy", "invite +4800 via pstn Answered"],
            call.Attempts.Select(a => $"{a.Target} {a.Outcome}"));
    }

    [Fact]
    public async Task A_replay_that_is_stopped_ends_with_what_was_decided()
    {
        using var stop = new CancellationTokenSource();
        var past = new PastCalls(Logic);
        var one = past.Call();
        async IAsyncEnumerable<CallHistory> Endless()
        {
            while (true)
            {
                yield return one;
                await Task.Yield();
            }
        }

        int seen = 0;
        using var replayer = new Replayer(Logic, new ReplayOptions { Threads = 2 }, TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var call in replayer.RunAsync(Endless(), stop.Token))
            {
                if (++seen == 3_000)
                    await stop.CancelAsync();
            }
        });

        Assert.InRange(seen, 3_000, 20_000);
    }
}
