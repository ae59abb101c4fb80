using System.Diagnostics;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Lookups;
using EventCalls.Routing.Webhook;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Tests.Webhook;

/// <summary>docs/examples/python-functions behind a webhook, with python3 as the machine has it.</summary>
public sealed class PythonFunctionsTests : IAsyncLifetime
{
    private readonly Journal _journal = new();
    private readonly TempFolder _folder = new();
    private readonly List<string> _errors = [];
    private Process? _python;
    private Task<string> _printed = Task.FromResult("");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_python is { } python)
        {
            python.Kill(entireProcessTree: true);
            await python.WaitForExitAsync();
            await _printed;
            python.Dispose();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task The_examples_invite_a_VIP()
    {
        await using var router = await RouterAsync(Path.Combine(Example, "functions"));

        await router.DecideAsync(Calls.Started(), default);

        var events = Assert.Single(_journal.Appends);
        var selected = (FlowSelected)events[0];
        Assert.Equal(("vip_support_flow", "North Branch"), (selected.Flow, selected.State["branch"].GetString()));
        Assert.Equal("<sip:+15551234567@127.0.0.1>;tag=1", selected.State["metadata"].GetProperty("caller_id").GetString());
        Assert.Equal("+15557654321", selected.State["metadata"].GetProperty("dialed_number").GetString());
        var step = Assert.Single(((HandoffRequested)events[1]).Steps);
        Assert.Equal((HandoffMethod.Invite, "2222222", "+15551234567", "YOUR_OUTBOUND_ENDPOINT_NAME"), (step.Method, step.PhoneNumber, step.OutboundCallerId, step.OutboundEndpoint));
        Assert.Equal([new SipHeader("X-Call-Type", "Support")], step.SipHeaders);
    }

    [Fact]
    public async Task The_examples_refer_everybody_else()
    {
        await using var router = await RouterAsync(Path.Combine(Example, "functions"));

        await router.DecideAsync(Calls.Started("+15550000000", "+15550000001"), default);

        var events = Assert.Single(_journal.Appends);
        Assert.Equal(("general_support_flow", "South Branch"), (((FlowSelected)events[0]).Flow, ((FlowSelected)events[0]).State["branch"].GetString()));
        var step = Assert.Single(((HandoffRequested)events[1]).Steps);
        Assert.Equal((HandoffMethod.Refer, "sip:support@example.com", "+15550000000"), (step.Method, step.ReferTo, step.PhoneNumber));
        Assert.Equal([new SipHeader("X-Caller-ID", "+15550000000")], step.SipHeaders);
    }

    [Fact]
    public async Task All_of_conv_works()
    {
        Function("start_function", """
            assert conv.id == "0198c0de-0000-7000-8000-0000000000ff" and conv.current_flow == "start"
            assert conv.state.never_set is None and conv.sip_headers["x-TIER"] == "gold" and conv.sip_headers.get("None", 5) == 5
            conv.state.customer = {"id": 42}
            conv.goto_flow("second")
            """);
        Function("second", """
            assert conv.current_flow == "second"
            conv.exit_flow()
            conv.call_handoff("support", reason="vip", utterance="One moment", sip_headers={"X-Line": True})
            """);
        await using var router = await RouterAsync(_folder.Path, SpeechUse.Ignore);

        await router.DecideAsync(Calls.Started(), default);

        var events = Assert.Single(_journal.Appends);
        Assert.True(events[0] is FlowSelected, string.Join("\n", events[0], string.Join("\n", _errors)));
        Assert.Equal("start", ((FlowSelected)events[0]).Flow);
        var requested = (HandoffRequested)events[1];
        Assert.Equal("vip", requested.Reason);
        Assert.Equal([new("X-Customer-ID", "42"), new SipHeader("X-Line", "true")], requested.Steps.Single().SipHeaders);
    }

    [Fact]
    public async Task After_a_failed_transfer_the_state_goes_on_and_what_is_removed_is_gone()
    {
        Function("start_function", "return None");
        Function("transfer_failed", """
            assert conv.last_transfer["outcome"] == "busy" and conv.current_flow == "vip_support"
            conv.state.tries_before = conv.state.tries
            del conv.state.tries
            return {"hangup": True}
            """);
        await using var router = await RouterAsync(_folder.Path);

        await router.DecideAsync(Calls.Reroute(TransferOutcome.Busy, 486), default);

        var events = Assert.Single(_journal.Appends);
        Assert.True(events[0] is FlowSelected, string.Join("\n", events[0], string.Join("\n", _errors)));
        Assert.Equal(["tries_before"], ((FlowSelected)events[0]).State.Keys);
        Assert.Equal(HandoffMethod.Bye, ((HandoffRequested)events[1]).Steps.Single().Method);
    }

    [Fact]
    public async Task A_command_that_names_a_flow_runs_the_function_of_that_name()
    {
        Function("start_function", "raise ValueError('this is no new call')");
        Function("billing", """
            assert conv.current_flow == "billing"
            return {"handoff": {"bye": {"sip_headers": {"X-Tier": conv.state.tier}}}}
            """);
        await using var router = await RouterAsync(_folder.Path);

        await router.DecideAsync(Asked("billing"), default);
        await router.DecideAsync(Asked("nowhere"), default);

        Assert.True(_journal.Appends[0][0] is FlowSelected { Flow: "billing" }, string.Join("\n", _journal.Appends[0][0], string.Join("\n", _errors)));
        Assert.Equal([new SipHeader("X-Tier", "gold")], ((HandoffRequested)_journal.Appends[0][1]).Steps.Single().SipHeaders);
        Assert.Contains("there is no function nowhere; there are billing, start_function", ((RoutingFailed)_journal.Appends[1][0]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_names_the_first_flow_runs_the_function_that_a_new_call_runs()
    {
        Function("start_function", "return {'hangup': True}");
        await using var router = await RouterAsync(_folder.Path);

        await router.DecideAsync(Asked("start"), default);

        Assert.True(_journal.Appends[0][0] is FlowSelected { Flow: "start" }, string.Join("\n", _journal.Appends[0][0], string.Join("\n", _errors)));
    }

    [Theory]
    [InlineData("return [1]", RoutingFailureCause.LogicThrew, "500 start_function returned list; a dictionary, a text or nothing is expected")]
    [InlineData("return {'state': {'a': {1, 2}}, 'hangup': True}", RoutingFailureCause.LogicThrew, "500 no decision that is JSON: Object of type set is not JSON serializable")]
    [InlineData("return {'state': {'a': float('nan')}, 'hangup': True}", RoutingFailureCause.LogicThrew, "500 no decision that is JSON: Out of range float values")]
    [InlineData("raise KeyError('x\\ny')", RoutingFailureCause.LogicThrew, "500 start_function raised KeyError: 'x\\ny' (start_function.py:2)")]
    [InlineData("conv.goto_flow('nowhere')", RoutingFailureCause.LogicThrew, "500 there is no function nowhere; there are start_function")]
    [InlineData("conv.goto_flow('start_function')", RoutingFailureCause.LogicThrew, "500 the flows go in a circle: start_function, start_function")]
    [InlineData("return 'Hello'", RoutingFailureCause.InvalidDecision, "utterance: is speech")]
    [InlineData("return None", RoutingFailureCause.NoDecision, "answered without a handoff")]
    [InlineData("return {'handof': 1}", RoutingFailureCause.InvalidDecision, "handof: is not known")]
    public async Task What_is_no_decision_is_said_clearly(string body, RoutingFailureCause cause, string message)
    {
        Function("start_function", body);
        await using var router = await RouterAsync(_folder.Path);

        await router.DecideAsync(Calls.Started(), default);

        var failed = Assert.IsType<RoutingFailed>(Assert.Single(_journal.Appends)[0]);
        Assert.Equal(cause, failed.Cause);
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_are_decided_side_by_side()
    {
        // Each waits for the other: one after the other neither would come back.
        Function("start_function", """
            barrier.wait(20)
            return {"hangup": True}
            """, "import threading\nbarrier = threading.Barrier(2)\n");
        await using var router = await RouterAsync(_folder.Path);

        await Task.WhenAll(router.DecideAsync(Calls.Started(), default), router.DecideAsync(Calls.Started(), default));

        Assert.All(_journal.Appends, events => Assert.IsType<FlowSelected>(events[0]));
    }

    private static RerouteCall Asked(string flow)
    {
        var steered = Calls.Steered(flow);
        var tier = new Dictionary<string, System.Text.Json.JsonElement> { ["tier"] = System.Text.Json.JsonSerializer.SerializeToElement("gold") };
        return steered with { Selected = steered.Selected! with { State = tier } };
    }

    private static string Example
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "EventCalls.sln")))
                folder = Path.GetDirectoryName(folder);
            return Path.Combine(folder!, "docs", "examples", "python-functions");
        }
    }

    private void Function(string name, string body, string before = "") =>
        _folder.Write($"{name}.py", $"{before}def {name}(conv):\n{string.Join('\n', body.Split('\n').Select(line => "    " + line))}\n");

    private async Task<Router> RouterAsync(string functions, SpeechUse speech = SpeechUse.Refuse)
    {
        var start = new ProcessStartInfo("python3", ["-B", Path.Combine(Example, "serve.py"), functions, "--port", "0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _python = Process.Start(start)!;
        _python.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.Add(line.Data ?? "");
        };
        _python.BeginErrorReadLine();
        string? said = await _python.StandardOutput.ReadLineAsync();
        Assert.True(said?.StartsWith("listening on ", StringComparison.Ordinal), said);
        _printed = _python.StandardOutput.ReadToEndAsync();
        var support = new HandoffDestination
        {
            Name = "support",
            IsDefault = true,
            Step = new Contracts.Handoff { Method = HandoffMethod.Invite, PhoneNumber = "2222", SipHeaders = [new("X-Customer-ID", "$customer.id")] },
        };
        return new Router(
            new RouterOptions
            {
                Webhook = new WebhookOptions { Url = new Uri(said!["listening on ".Length..]), Timeout = TimeSpan.FromSeconds(30) },
                KnownEndpoints = new HashSet<string> { "YOUR_OUTBOUND_ENDPOINT_NAME" },
                Handoffs = HandoffDestinations.Of([support]),
                Speech = speech,
            },
            _journal,
            new VersionSink(),
            LookupTables.None,
            TimeProvider.System,
            NullLogger<Router>.Instance);
    }
}
