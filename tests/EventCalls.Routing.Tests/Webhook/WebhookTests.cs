using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Lookups;
using EventCalls.Routing.Webhook;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Tests.Webhook;

public sealed class WebhookTests : IAsyncLifetime
{
    private readonly Journal _journal = new();
    private readonly List<JsonElement> _asked = [];
    private readonly List<string?> _authorizations = [];
    private readonly TaskCompletionSource _release = new();
    private WebApplication _server = null!;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapPost("/decide", async context =>
        {
            _asked.Add(await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body));
            _authorizations.Add(context.Request.Headers.Authorization);
            await _answer(context);
        });
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _release.TrySetResult();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_conversation_is_posted_and_the_decision_comes_back()
    {
        Answer("""{ "flow": "vip", "state": { "tier": "gold" }, "handoff": { "invite": { "phone_number": "+1 222", "outbound_endpoint": "pstn" } } }""");
        await using var router = Router();

        await router.DecideAsync(Calls.Started(), default);

        var asked = Assert.Single(_asked);
        Assert.Equal("call_started", asked.GetProperty("event").GetString());
        Assert.Equal("+15551234567", asked.GetProperty("caller_number").GetString());
        Assert.Equal("+15557654321", asked.GetProperty("callee_number").GetString());
        Assert.Equal("gold", asked.GetProperty("sip_headers").GetProperty("X-Tier").GetString());
        Assert.Equal(["gold"], asked.GetProperty("sip_headers_all").GetProperty("X-Tier").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal(2, asked.GetProperty("sip_headers_all").GetProperty("Via").GetArrayLength());
        Assert.Equal(asked.GetProperty("sip_headers_all").GetProperty("Via")[0].GetString(), asked.GetProperty("sip_headers").GetProperty("Via").GetString());
        Assert.Equal(asked.GetProperty("call_id").GetGuid(), asked.GetProperty("id").GetGuid());
        Assert.Equal("start", asked.GetProperty("current_flow").GetString());
        Assert.True(asked.GetProperty("sip_headers").TryGetProperty("From", out _));
        Assert.Equal("start", asked.GetProperty("flow").GetString());
        Assert.Equal("Bearer secret", Assert.Single(_authorizations));
        var events = Assert.Single(_journal.Appends);
        var selected = Assert.IsType<FlowSelected>(events[0]);
        Assert.Equal(("vip", "gold"), (selected.Flow, selected.State["tier"].GetString()));
        Assert.Equal($"webhook:{Url("/decide")}", selected.LogicVersion);
        Assert.Equal($"POST {Url("/decide")}", selected.DecidedBy);
        Assert.Equal("+1222", ((HandoffRequested)events[1]).Steps.Single().PhoneNumber);
    }

    [Fact]
    public async Task A_failed_transfer_is_told_with_its_outcome_and_the_state_goes_on()
    {
        Answer("""{ "state": { "tries": null, "more": 1 }, "handoff": { "bye": {} } }""");
        await using var router = Router();

        await router.DecideAsync(Calls.Reroute(TransferOutcome.NoAnswer, 408), default);

        var asked = Assert.Single(_asked);
        Assert.Equal("transfer_failed", asked.GetProperty("event").GetString());
        Assert.Equal(1, asked.GetProperty("state").GetProperty("tries").GetInt32());
        var last = asked.GetProperty("last_transfer");
        Assert.Equal(("no_answer", "invite", 408), (last.GetProperty("outcome").GetString(), last.GetProperty("method").GetString(), last.GetProperty("status").GetInt32()));
        var selected = Assert.IsType<FlowSelected>(_journal.Appends.Single()[0]);
        Assert.Equal("vip_support", selected.Flow);
        Assert.Equal(["more"], selected.State.Keys);
    }

    [Theory]
    [InlineData("", RoutingFailureCause.NoDecision, "answered without a decision")]
    [InlineData("{}", RoutingFailureCause.NoDecision, "answered without a handoff")]
    [InlineData("""{ "flow": "x" }""", RoutingFailureCause.NoDecision, "answered without a handoff")]
    [InlineData("<html>", RoutingFailureCause.InvalidDecision, "no valid JSON")]
    [InlineData("""{ "state": { "tier": "\ud800" }, "hangup": true }""", RoutingFailureCause.InvalidDecision, "tier: the text has half a surrogate pair")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "\ud800" } } }""", RoutingFailureCause.InvalidDecision, "phone_number: the text has half a surrogate pair")]
    [InlineData("""{ "handoff": { "invite": {} } }""", RoutingFailureCause.InvalidDecision, "handoff.invite.phone_number: is missing")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "sip_headers": { "X-A": "a\r\nb" } } } }""", RoutingFailureCause.InvalidDecision, "handoff.invite.sip_headers[X-A]: holds a line break")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "outbound_endpoint": "x" } } }""", RoutingFailureCause.InvalidDecision, "there is no 'x'")]
    public async Task An_answer_that_is_no_decision_gets_the_default(string answer, RoutingFailureCause cause, string message)
    {
        Answer(answer);
        await using var router = Router();

        await router.DecideAsync(Calls.Started(), default);

        Failed(cause, message);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task A_status_that_is_no_success_gets_the_default(int status)
    {
        _answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        await using var router = Router();

        await router.DecideAsync(Calls.Started(), default);

        Failed(RoutingFailureCause.LogicThrew, $"answered {status}");
    }

    [Fact]
    public async Task A_service_that_does_not_answer_gets_the_default()
    {
        _answer = _ => _release.Task;
        await using var router = Router(new WebhookOptions { Url = new Uri(Url("/decide")), Timeout = TimeSpan.FromMilliseconds(50) });

        await router.DecideAsync(Calls.Started(), default);

        Failed(RoutingFailureCause.LogicTimedOut, "did not answer within 50 ms");
    }

    [Fact]
    public async Task A_service_that_is_not_there_gets_the_default_and_no_secret_is_recorded()
    {
        await _server.StopAsync();
        string url = Url("/decide").Replace("http://", "http://user:pass@", StringComparison.Ordinal) + "?token=hidden";
        await using var router = Router(new WebhookOptions { Url = new Uri(url), Timeout = TimeSpan.FromSeconds(20) });

        await router.DecideAsync(Calls.Started(), default);

        Failed(RoutingFailureCause.LogicThrew, "could not be asked");
        string all = string.Join("\n", _journal.Appends.Single());
        Assert.DoesNotContain("hidden", all, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", all.Replace("DecisionMicro", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_end_gets_the_default()
    {
        _answer = async context =>
        {
            byte[] block = new byte[64 * 1024];
            Array.Fill(block, (byte)' ');
            for (int i = 0; i < 16; i++)
                await context.Response.Body.WriteAsync(block);
        };
        await using var router = Router();

        await router.DecideAsync(Calls.Started(), default);

        Failed(RoutingFailureCause.LogicThrew, "could not be asked");
    }

    [Fact]
    public async Task A_destination_by_its_name_is_resolved_and_what_it_stood_for_is_recorded()
    {
        Answer("""{ "state": { "customer_id": 42 }, "handoff": { "type": "support", "reason": "vip" } }""");
        await using var router = Router();

        await router.DecideAsync(Calls.Started(), default);

        var events = Assert.Single(_journal.Appends);
        var answer = Assert.Single(((FlowSelected)events[0]).Inputs!.Lookups);
        Assert.Equal("handoff:support", answer.Name);
        Assert.Contains("$customer_id", answer.Value, StringComparison.Ordinal);
        var requested = (HandoffRequested)events[1];
        Assert.Equal("vip", requested.Reason);
        Assert.Equal([new("X-Customer-ID", "42"), new SipHeader("X-Handoff-Id", requested.HandoffId.ToString())], requested.Steps.Single().SipHeaders);
    }

    [Fact]
    public async Task A_destination_that_is_not_there_gets_the_default()
    {
        Answer("""{ "handoff": { "type": "sales" } }""");
        await using var router = Router();

        await router.DecideAsync(Calls.Started(), default);

        Failed(RoutingFailureCause.InvalidDecision, "There is no handoff destination 'sales'; configured (EventCalls:Handoffs): support.");
    }

    [Fact]
    public async Task A_hang_up_is_a_BYE()
    {
        Answer("""{ "hangup": true }""");
        await using var router = Router();

        await router.DecideAsync(Calls.Started(), default);

        Assert.Equal(HandoffMethod.Bye, ((HandoffRequested)_journal.Appends.Single()[1]).Steps.Single().Method);
    }

    [Fact]
    public async Task Speech_is_passed_over_where_that_is_configured_and_logged_once()
    {
        Answer("""{ "utterance": "Goodbye", "handoff": { "bye": {} } }""");
        var log = new Logged();
        await using var router = Router(speech: SpeechUse.Ignore, logger: log);

        await router.DecideAsync(Calls.Started(), default);
        await router.DecideAsync(Calls.Started(), default);

        Assert.All(_journal.Appends, events => Assert.Equal(HandoffMethod.Bye, ((HandoffRequested)events[1]).Steps.Single().Method));
        Assert.Contains("answers with utterance, which is speech", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    private void Answer(string json) => _answer = context => context.Response.WriteAsync(json);

    private void Failed(RoutingFailureCause cause, string message)
    {
        var events = Assert.Single(_journal.Appends);
        var failed = Assert.IsType<RoutingFailed>(events[0]);
        Assert.Equal(cause, failed.Cause);
        Assert.True(failed.Message.Contains(message, StringComparison.Ordinal), failed.Message);
        Assert.StartsWith("webhook:http://127.0.0.1:", failed.LogicVersion, StringComparison.Ordinal);
        Assert.Equal(480, ((HandoffRequested)events[2]).Steps.Single().Status);
    }

    private string Url(string path) => (_url ??= _server.Urls.Single()) + path;

    private string? _url;

    private Router Router(WebhookOptions? options = null, SpeechUse speech = SpeechUse.Refuse, ILogger<Router>? logger = null) => new(
        new RouterOptions
        {
            Webhook = options ?? new WebhookOptions { Url = new Uri(Url("/decide")), Timeout = TimeSpan.FromSeconds(20), Authorization = "Bearer secret" },
            KnownEndpoints = new HashSet<string> { "pstn" },
            Speech = speech,
            Handoffs = HandoffDestinations.Of(
            [
                new HandoffDestination
                {
                    Name = "support",
                    Step = new Contracts.Handoff { Method = HandoffMethod.Invite, PhoneNumber = "2222", SipHeaders = [new("X-Customer-ID", "$customer_id")] },
                    ContextHeader = "X-Handoff-Id",
                    IsDefault = true,
                },
            ]),
        },
        _journal,
        new VersionSink(),
        LookupTables.None,
        TimeProvider.System,
        logger ?? NullLogger<Router>.Instance);

    private sealed class Logged : ILogger<Router>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
