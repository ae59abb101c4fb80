using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Explaining;
using EventCalls.Routing;

namespace EventCalls.Replay.Tests.Explaining;

public class DecisionExplainerTests
{
    [Fact]
    public async Task A_decision_is_taken_again_and_its_line_its_flows_and_all_it_read_are_told()
    {
        await using var call = await new RoutedCall().StartAsync();

        var explained = Assert.Single(await call.ExplainAsync());

        Assert.Equal((DecisionKind.Logic, true, 2, 1), (explained.Decision.Kind, explained.IsRepeated, explained.Decision.Event, explained.Decision.CauseEvent));
        Assert.Empty(explained.Differences);
        Assert.Equal(["vip", "desk"], explained.Again!.FlowChain);
        Assert.Equal(("sample.cs", 19), (explained.File, explained.Line));
        Assert.Contains(explained.Source, l => l.Number == 19 && l.Text.Contains("Handoff.Invite(\"+1222\"", StringComparison.Ordinal));
        Assert.Equal(
            ["caller_number", "lookup.tiers[+15551234567]", "sip_headers.X-Broken", "state.tier", "now", "random"],
            explained.Again.Reads!.Select(r => r.What));
        Assert.Contains(explained.Again.Reads!, r => r is { What: "lookup.tiers[+15551234567]", Value: "gold" });
    }

    [Fact]
    public async Task The_decision_after_a_failed_transfer_is_taken_again_from_how_it_failed()
    {
        await using var call = await new RoutedCall().StartAsync();
        await call.BusyAsync();

        var explained = (await call.ExplainAsync())[1];

        Assert.Equal((true, TransferOutcome.Busy, 7), (explained.IsRepeated, explained.Decision.AfterTransfer!.Outcome, explained.Decision.Event));
        Assert.Equal(("sample.cs", 25), (explained.File, explained.Line));
        Assert.Equal(
            [("last_transfer.outcome", "busy"), ("last_transfer.caller_answered", "true"), ("last_transfer.target", "sip:desk@192.0.2.7")],
            explained.Again!.Reads!.Select(r => (r.What, r.Value!)));
    }

    [Fact]
    public async Task A_stream_that_says_otherwise_than_its_own_logic_decides_is_found_out()
    {
        await using var call = await new RoutedCall().StartAsync();
        int at = call.Events.FindIndex(e => e is FlowSelected);
        var selected = (FlowSelected)call.Events[at]!;
        call.Events[at] = selected with { Flow = "vip", State = new Dictionary<string, JsonElement> { ["tier"] = JsonSerializer.SerializeToElement("silver") } };
        var handoff = (HandoffRequested)call.Events[at + 1]!;
        call.Events[at + 1] = handoff with { Steps = [handoff.Steps[0] with { PhoneNumber = "+19999" }] };

        var explained = Assert.Single(await call.ExplainAsync());

        Assert.False(explained.IsRepeated);
        Assert.Equal(["flow", "state.tier", "handoff"], explained.Differences.Select(d => d.Field));
        Assert.Equal(new FieldChange("flow", "vip", "desk"), explained.Differences[0]);
    }

    [Fact]
    public async Task A_look_up_that_is_missing_in_the_record_is_not_asked_elsewhere()
    {
        await using var call = await new RoutedCall().StartAsync();
        int at = call.Events.FindIndex(e => e is FlowSelected);
        var selected = (FlowSelected)call.Events[at]!;
        call.Events[at] = selected with { Inputs = selected.Inputs! with { Lookups = [] } };

        var explained = Assert.Single(await call.ExplainAsync());

        Assert.False(explained.IsRepeated);
        Assert.Contains("was not made when the call was recorded", Assert.Single(explained.Differences).Now, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_repeated_and_the_line_that_threw_is_shown_with_the_default_that_was_taken()
    {
        await using var call = await new RoutedCall().StartAsync(new SipHeader("X-Broken", "yes"));

        var explained = Assert.Single(await call.ExplainAsync());

        Assert.Equal((DecisionKind.Default, true), (explained.Decision.Kind, explained.IsRepeated));
        Assert.Equal(("sample.cs", 10), (explained.File, explained.Line));
        Assert.Contains("logic_threw", explained.Note, StringComparison.Ordinal);
        Assert.Contains("reject 480", explained.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_default_that_is_a_flow_is_explained_by_that_flow()
    {
        await using var call = new RoutedCall { Default = DefaultDecision.Parse(JsonSerializer.SerializeToElement(new { flow = "fallback" })) };
        await call.StartAsync(new SipHeader("X-Broken", "yes"));

        var explained = Assert.Single(await call.ExplainAsync());

        Assert.Equal((DecisionKind.Default, true), (explained.Decision.Kind, explained.IsRepeated));
        Assert.Equal(("sample.cs", 22), (explained.File, explained.Line));
    }

    [Fact]
    public async Task Sources_that_are_not_kept_make_the_check_fail_and_say_so()
    {
        await using var call = await new RoutedCall { KeepsSources = false }.StartAsync();

        var explained = Assert.Single(await call.ExplainAsync());

        Assert.False(explained.IsRepeated);
        Assert.Contains("are not in the store", explained.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_web_service_the_deadline_or_the_API_decided_is_told_without_deciding_again()
    {
        await using var call = await new RoutedCall().StartAsync();
        var started = (CallStarted)call.Events[0]!;
        var selected = call.Events.OfType<FlowSelected>().Single();
        call.Events[1] = selected with { LogicVersion = "webhook:https://routing.example.com", DecidedBy = "webhook" };
        var timedOut = call.Add(new RoutingTimedOut
        {
            EventId = Guid.CreateVersion7(),
            CallId = started.CallId,
            CausationId = started.EventId,
            OccurredAt = call.Now,
            DeadlineMs = 2000,
            DefaultTaken = "reject 480",
        });
        var handoff = call.Events.OfType<HandoffRequested>().Single();
        call.Add(handoff with { EventId = Guid.CreateVersion7(), CausationId = timedOut.EventId, RequestedBy = Requester.Default });
        call.Add(handoff with { EventId = Guid.CreateVersion7(), CausationId = started.EventId, RequestedBy = Requester.Api });

        var explained = await call.ExplainAsync();

        Assert.Equal([DecisionKind.Webhook, DecisionKind.Deadline, DecisionKind.Api], explained.Select(e => e.Decision.Kind));
        Assert.All(explained, e => Assert.Null(e.IsRepeated));
        Assert.Contains("https://routing.example.com", explained[0].Note, StringComparison.Ordinal);
        Assert.Contains("2000 ms", explained[1].Note, StringComparison.Ordinal);
        Assert.NotNull(explained[1].Decision.Handoff);
    }
}
