using EventCalls.Contracts;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Tests;

public sealed class RouterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Journal _journal = new();
    private readonly VersionSink _versions = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{ "handoff": { "type": "support" } }""", "handoff.type names a destination")]
    [InlineData("""{ "type": "support" }""", "Default.type: names a destination")]
    public void A_default_that_names_a_destination_is_refused_by_name(string json, string error) =>
        Assert.Contains(error, Assert.Throws<FormatException>(() => DefaultDecision.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_default_may_hang_up_or_go_to_a_flow_in_the_words_of_a_decision()
    {
        Assert.Equal(HandoffMethod.Bye, Assert.Single(DefaultDecision.Parse("""{ "hangup": true }""").Steps).Method);
        Assert.Equal("night", DefaultDecision.Parse("""{ "goto_flow": "night" }""").Flow);
    }

    [Fact]
    public async Task A_decision_is_recorded_as_one_append_of_the_flow_and_the_handoff()
    {
        await using var router = await StartAsync(Logics.Sample);
        var started = Calls.Started();

        await router.DecideAsync(started, default);

        var events = Assert.Single(_journal.Appends);
        var selected = Assert.IsType<FlowSelected>(events[0]);
        var requested = Assert.IsType<HandoffRequested>(events[1]);
        Assert.Equal(2, events.Count);
        Assert.Equal((started.CallId, started.EventId), (selected.CallId, selected.CausationId));
        Assert.Equal(("vip_support", "SupportLine.VipSupport (support.cs:12)"), (selected.Flow, selected.DecidedBy));
        Assert.Equal(_versions.Sent.Single().Version, selected.LogicVersion);
        Assert.Equal(started.OccurredAt, selected.Inputs!.Now);
        Assert.Equal((started.CallId, selected.EventId), (requested.CallId, requested.CausationId));
        Assert.Equal(("edge-1", Requester.Router), (requested.Node, requested.RequestedBy));
        Assert.Equal([HandoffMethod.Invite, HandoffMethod.Refer], requested.Steps.Select(s => s.Method));
    }

    [Fact]
    public async Task The_same_message_again_makes_the_same_ids_and_the_same_decision()
    {
        await using var router = await StartAsync(Logics.Start("return Handoff.Bye(conv.Random.Next(1_000_000) + \" \" + conv.Now.ToString(\"O\"));"));

        await router.DecideAsync(Calls.Started(), default);
        await router.DecideAsync(Calls.Started(), default);

        var (first, second) = (_journal.Appends[0], _journal.Appends[1]);
        Assert.Equal(first.Select(e => e.EventId), second.Select(e => e.EventId));
        Assert.Equal(((HandoffRequested)first[1]).HandoffId, ((HandoffRequested)second[1]).HandoffId);
        Assert.Equal(((HandoffRequested)first[1]).Steps[0].Reason, ((HandoffRequested)second[1]).Steps[0].Reason);
    }

    [Fact]
    public async Task A_decision_after_a_failed_transfer_goes_on_with_flow_and_state_and_is_caused_by_the_failure()
    {
        await using var router = await StartAsync(Logics.Start(
            "return Handoff.Bye();",
            """
            public override Decision TransferFailed(Conversation conv)
            {
                conv.State.Set("tries", conv.State.Get<int>("tries") + 1);
                conv.State["was"] = $"{conv.Flow} {conv.LastTransfer!.Outcome} {conv.LastTransfer.Status} {conv.LastTransfer.Target} {conv.Now:O}";
                return Handoff.Invite("3", outboundEndpoint: "pstn");
            }
            """));
        var reroute = Calls.Reroute(TransferOutcome.Busy, 486);

        await router.DecideAsync(reroute, default);

        var selected = Assert.IsType<FlowSelected>(_journal.Appends.Single()[0]);
        Assert.Equal(reroute.Failed!.EventId, selected.CausationId);
        Assert.Equal("vip_support", selected.Flow);
        Assert.Equal(2, selected.State["tries"].GetInt32());
        Assert.Equal("vip_support Busy 486 sip:+12222222@pstn.example 2026-03-04T12:00:20.0000000+00:00", selected.State["was"].GetString());
    }

    [Theory]
    [InlineData(TransferOutcome.Busy, 486)]
    [InlineData(TransferOutcome.NoAnswer, 480)]
    [InlineData(TransferOutcome.Declined, 603)]
    [InlineData(TransferOutcome.NotFound, 404)]
    [InlineData(TransferOutcome.Unreachable, 502)]
    [InlineData(TransferOutcome.TimedOut, 504)]
    [InlineData(TransferOutcome.InvalidTarget, 500)]
    public async Task Logic_that_says_nothing_about_failed_transfers_rejects_with_a_status_that_fits(TransferOutcome outcome, int status)
    {
        await using var router = await StartAsync(Logics.Sample);

        await router.DecideAsync(Calls.Reroute(outcome), default);

        var step = Assert.Single(((HandoffRequested)_journal.Appends.Single()[1]).Steps);
        Assert.Equal((HandoffMethod.Reject, status), (step.Method, step.Status));
    }

    [Fact]
    public async Task What_cannot_be_decided_about_two_who_talk_is_recorded_as_a_failure_that_changed_nothing()
    {
        await using var router = await StartAsync(Logics.Sample);
        var steered = Calls.Steered("nosuch");
        var (command, before) = (steered.Command!, steered.Selected!);

        await router.DecideAsync(steered, default);

        var events = Assert.Single(_journal.Appends);
        var failed = Assert.IsType<RoutingFailed>(events[0]);
        var selected = Assert.IsType<FlowSelected>(events[1]);
        var requested = Assert.IsType<HandoffRequested>(events[2]);
        Assert.Equal((command.EventId, "none: the two who talk go on"), (failed.CausationId, failed.DefaultTaken));
        Assert.Equal(before.Flow, selected.Flow);
        Assert.Equal(before.State.Keys.Order(), selected.State.Keys.Order());
        Assert.Equal((Requester.Default, selected.EventId), (requested.RequestedBy, requested.CausationId));
        Assert.Empty(requested.Steps);
    }

    [Fact]
    public async Task Logic_that_throws_gets_the_default_and_the_failure_is_recorded_with_file_and_line()
    {
        await using var router = await StartAsync(
            Logics.Start("return Handoff.Bye(int.Parse(\"x\").ToString());"),
            new RouterOptions { Default = DefaultDecision.Parse("""{"invite": {"phone_number": "+1 (222) 333", "outbound_endpoint": "pstn"}}""") });
        var started = Calls.Started();

        await router.DecideAsync(started, default);

        var events = Assert.Single(_journal.Appends);
        var failed = Assert.IsType<RoutingFailed>(events[0]);
        var selected = Assert.IsType<FlowSelected>(events[1]);
        var requested = Assert.IsType<HandoffRequested>(events[2]);
        Assert.Equal(RoutingFailureCause.LogicThrew, failed.Cause);
        Assert.Contains("FormatException", failed.Message, StringComparison.Ordinal);
        Assert.EndsWith("(support.cs:5)", failed.Message, StringComparison.Ordinal);
        Assert.Equal("invite +1222333 via pstn", failed.DefaultTaken);
        Assert.Equal(started.EventId, failed.CausationId);
        Assert.Equal(("default", started.EventId), (selected.Flow, selected.CausationId));
        Assert.Equal((Requester.Default, selected.EventId), (requested.RequestedBy, requested.CausationId));
        Assert.Equal("+1222333", requested.Steps.Single().PhoneNumber);
    }

    [Fact]
    public async Task A_default_that_is_a_flow_is_run_with_the_logic_that_failed_elsewhere()
    {
        await using var router = await StartAsync(
            Logics.Start("throw new FormatException();", "[Flow(\"night\")] public Decision Night(Conversation conv) => Handoff.Bye(\"night\");"),
            new RouterOptions { Default = DefaultDecision.Parse("""{"flow": "night"}""") });

        await router.DecideAsync(Calls.Started(), default);

        var events = _journal.Appends.Single();
        Assert.Equal("flow night", ((RoutingFailed)events[0]).DefaultTaken);
        Assert.Equal("night", ((FlowSelected)events[1]).Flow);
        Assert.Equal((Requester.Default, "night"), (((HandoffRequested)events[2]).RequestedBy, ((HandoffRequested)events[2]).Steps[0].Reason));
    }

    [Fact]
    public async Task A_default_flow_that_fails_too_ends_in_a_rejection()
    {
        await using var router = await StartAsync(
            Logics.Start("throw new FormatException();"), new RouterOptions { Default = DefaultDecision.Parse("""{"flow": "night"}""") });

        await router.DecideAsync(Calls.Started(), default);

        var events = _journal.Appends.Single();
        Assert.StartsWith("reject 480, as the default flow 'night' failed too", ((RoutingFailed)events[0]).DefaultTaken, StringComparison.Ordinal);
        Assert.Equal("default", ((FlowSelected)events[1]).Flow);
        Assert.Equal(480, ((HandoffRequested)events[2]).Steps.Single().Status);
    }

    [Theory]
    [InlineData(null, "No routing logic is configured")]
    [InlineData("does not compile", "support.cs(1,")]
    public async Task Without_logic_every_call_gets_the_default(string? source, string message)
    {
        await using var router = source is null
            ? new Router(new RouterOptions(), _journal, _versions, LookupTables.None, TimeProvider.System, NullLogger<Router>.Instance)
            : await StartAsync(source);

        await router.DecideAsync(Calls.Started(), default);

        var failed = Assert.IsType<RoutingFailed>(_journal.Appends.Single()[0]);
        Assert.Equal((RoutingFailureCause.NoLogic, "none"), (failed.Cause, failed.LogicVersion));
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        Assert.Equal(480, ((HandoffRequested)_journal.Appends.Single()[2]).Steps.Single().Status);
    }

    [Fact]
    public async Task The_sources_of_a_version_are_sent_once_before_its_first_decision()
    {
        await using var router = await StartAsync(Logics.Sample);

        await router.DecideAsync(Calls.Started(), default);
        await router.DecideAsync(Calls.Started(), default);

        var sent = Assert.Single(_versions.Sent);
        Assert.Equal([new LogicSource("support.cs", Logics.Sample)], sent.Sources);
    }

    [Fact]
    public async Task A_version_whose_sources_could_not_be_sent_is_not_decided_with_until_they_are()
    {
        _versions.Refusals = 2;
        await using var router = await StartAsync(Logics.Sample);

        await Assert.ThrowsAsync<InvalidOperationException>(() => router.DecideAsync(Calls.Started(), default));
        Assert.Empty(_journal.Appends);
        await router.DecideAsync(Calls.Started(), default);

        Assert.Single(_versions.Sent);
        Assert.Single(_journal.Appends);
    }

    [Fact]
    public async Task An_unknown_endpoint_never_leaves_the_router()
    {
        await using var router = await StartAsync(Logics.Sample, new RouterOptions { KnownEndpoints = new HashSet<string> { "mobile" } });

        await router.DecideAsync(Calls.Started(), default);

        var failed = Assert.IsType<RoutingFailed>(_journal.Appends.Single()[0]);
        Assert.Equal(RoutingFailureCause.InvalidDecision, failed.Cause);
        Assert.Equal(
            "handoff.invite.outbound_endpoint: there is no 'pstn'; configured are mobile. (SupportLine.VipSupport (support.cs:12))", failed.Message);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var bad = new RouterOptions { TimeLimit = TimeSpan.FromMinutes(1) };

        var e = Assert.Throws<ArgumentException>(() =>
            new Router(bad, _journal, _versions, LookupTables.None, TimeProvider.System, NullLogger<Router>.Instance));
        Assert.Contains("Routing:TimeLimitMs: 60000", e.Message, StringComparison.Ordinal);
    }

    private async Task<Router> StartAsync(string source, RouterOptions? options = null)
    {
        _folder.Write("support.cs", source);
        var router = new Router(
            (options ?? new RouterOptions()) with { LogicPath = _folder.Path, HotReload = false, TimeLimit = TimeSpan.FromSeconds(5) },
            _journal,
            _versions,
            LookupTables.None,
            TimeProvider.System,
            NullLogger<Router>.Instance);
        await router.StartAsync(default);
        return router;
    }
}
