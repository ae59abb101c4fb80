using System.Net;
using System.Text.Json;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Destinations;

namespace EventCalls.Console.Tests;

public sealed class CommandApiTests : IAsyncLifetime
{
    private static readonly SampleCall s_open = RecordedCalls.Open(4);
    private readonly FakeOwner _owner = new();
    private ServedStore _console = null!;

    private HttpClient Client => _console.Client;

    public async Task InitializeAsync()
    {
        _console = await ServedStore.StartAsync(sources: s => s with { Commands = _owner, KnownEndpoints = new HashSet<string> { "pstn" } });
        await _console.AppendAsync([.. RecordedCalls.Referred(2).Events, .. s_open.Events]);
    }

    public async Task DisposeAsync() => await _console.DisposeAsync();

    [Theory]
    [InlineData("""{"handoff": {"invite": {"phone_number": "+1 (222) 2222", "outbound_endpoint": "pstn", "outbound_caller_id": "+15551234567", "sip_headers": {"X-Customer-ID": "42"}}}}""")]
    [InlineData("""{"invite": {"phone_number": "+1 (222) 2222", "outbound_endpoint": "pstn", "outbound_caller_id": "+15551234567", "sip_headers": {"X-Customer-ID": "42"}}}""")]
    public async Task A_handoff_in_a_decisions_JSON_or_bare_goes_to_the_calls_owner(string json)
    {
        using var answer = await Client.SendAsync(Answers.Post($"/api/calls/{s_open.Id}/handoff", json));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var command = Assert.Single(_owner.Commands);
        Assert.Equal(_owner.HandoffId, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("handoffId").GetGuid());
        Assert.Equal((CommandKind.Handoff, s_open.Id, s_open.Started.Node, "loopback"), (command.Kind, command.CallId, command.Node, command.By));
        var step = Assert.Single(command.Steps);
        Assert.Equal(("+12222222", "pstn", "+15551234567"), (step.PhoneNumber, step.OutboundEndpoint, step.OutboundCallerId));
        Assert.Equal(new SipHeader("X-Customer-ID", "42"), Assert.Single(step.SipHeaders));
    }

    [Theory]
    [InlineData("""{"handoff": {"type": "sales", "reason": "vip", "sip_headers": {"X-Given": "1"}}, "state": {"customer": {"id": "c-7"}}}""", "vip")]
    [InlineData("""{"type": "sales", "sip_headers": {"X-Given": "1"}, "invite": {"phone_number": "+13333333"}}""", "wants_to_buy")]
    [InlineData("""{"handoff": {"sip_headers": {"X-Given": "1"}, "type": null}}""", "wants_to_buy")]
    public async Task A_destination_by_its_name_is_made_a_step_with_the_state_of_the_call(string json, string reason)
    {
        await using var console = await WithDestinationsAsync(SpeechUse.Refuse);
        using var answer = await console.Client.SendAsync(Answers.Post($"/api/calls/{s_open.Id}/handoff", json));
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var command = Assert.Single(_owner.Commands);
        var step = Assert.Single(command.Steps);
        Assert.Equal((json.Contains("+13333333", StringComparison.Ordinal) ? "+13333333" : "+12222222", "pstn", reason), (step.PhoneNumber, step.OutboundEndpoint, command.Reason));
        var headers = step.SipHeaders.ToDictionary(h => h.Name, h => h.Value);
        Assert.Equal(json.Contains("c-7", StringComparison.Ordinal) ? "c-7" : null, headers.GetValueOrDefault("X-Customer-ID"));
        Assert.Equal(("1", $"{EventIds.Handoff(s_open.Id, command.CommandId)}"), (headers["X-Given"], headers["X-Handoff-Id"]));
        Assert.Equal(command.HandoffId, EventIds.Handoff(s_open.Id, command.CommandId));
    }

    [Fact]
    public async Task The_same_order_is_known_to_be_the_same_when_the_state_has_gone_on()
    {
        await using var console = await WithDestinationsAsync(SpeechUse.Refuse);
        await GiveAsync("sales");
        await console.AppendAsync(new StateChanged
        {
            EventId = Guid.CreateVersion7(),
            CallId = s_open.Id,
            OccurredAt = s_open.Started.OccurredAt,
            Changes = new Dictionary<string, JsonElement> { ["customer"] = JsonElement.Parse("""{"id": "later"}""") },
        });
        await GiveAsync("sales");
        await GiveAsync(null);
        Assert.Equal([null, "later", "later"], _owner.Commands.Select(c => c.Steps[0].SipHeaders.FirstOrDefault(h => h.Name == "X-Customer-ID")?.Value));
        Assert.NotNull(_owner.Commands[0].Asked);
        Assert.Equal(_owner.Commands[0].Asked, _owner.Commands[1].Asked);
        Assert.NotEqual(_owner.Commands[0].Asked, _owner.Commands[2].Asked);

        async Task GiveAsync(string? type)
        {
            string json = type is null ? """{"handoff": {}}""" : """{"handoff": {"type": "sales"}}""";
            using var answer = await console.Client.SendAsync(Answers.Post($"/api/calls/{s_open.Id}/handoff", json));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }
    }

    [Fact]
    public async Task What_is_to_be_spoken_is_refused_or_passed_over_as_configured()
    {
        const string Json = """{"handoff": {"type": "sales", "utterance": "One moment."}, "content": "Bye."}""";
        await using (var strict = await WithDestinationsAsync(SpeechUse.Refuse))
            Assert.Equal("handoff.utterance", (await strict.Client.ProblemAsync(Answers.Post($"/api/calls/{s_open.Id}/handoff", Json), 422)).Field);
        Assert.Empty(_owner.Commands);
        await using var lenient = await WithDestinationsAsync(SpeechUse.Ignore);
        using var answer = await lenient.Client.SendAsync(Answers.Post($"/api/calls/{s_open.Id}/handoff", Json));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("+12222222", Assert.Single(_owner.Commands).Steps[0].PhoneNumber);
    }

    [Fact]
    public async Task A_destination_that_is_not_configured_is_refused_with_those_there_are()
    {
        await using var console = await WithDestinationsAsync(SpeechUse.Refuse);
        var (detail, field) = await console.Client.ProblemAsync(Answers.Post($"/api/calls/{s_open.Id}/handoff", """{"handoff": {"type": "moon"}}"""), 422);
        Assert.Equal("handoff.type", field);
        Assert.Contains("sales", detail, StringComparison.Ordinal);
        Assert.Empty(_owner.Commands);
    }

    [Fact]
    public async Task State_flow_and_hangup_go_there_too()
    {
        await TakenAsync("state", """{"customer": {"id": 42}, "old": null}""");
        await TakenAsync("flow", """{"flow": "billing"}""");
        await TakenAsync("hangup", "");
        await TakenAsync("hangup", """{"reason": "fraud"}""");
        Assert.Equal([CommandKind.State, CommandKind.Flow, CommandKind.Hangup, CommandKind.Hangup], _owner.Commands.Select(c => c.Kind));
        Assert.Equal(42, _owner.Commands[0].State!["customer"].GetProperty("id").GetInt32());
        Assert.Equal(JsonValueKind.Null, _owner.Commands[0].State!["old"].ValueKind);
        Assert.Equal("billing", _owner.Commands[1].Flow);
        Assert.Equal("fraud", _owner.Commands[3].Reason);
    }

    [Theory]
    [InlineData("""{"action": "start"}""", RecordingChange.Start, null)]
    [InlineData("""{"action": "pause", "reason": "card"}""", RecordingChange.Pause, "card")]
    [InlineData("""{"action": "resume"}""", RecordingChange.Resume, null)]
    [InlineData("""{"reason": "no_consent", "action": "discard"}""", RecordingChange.Discard, "no_consent")]
    public async Task What_is_asked_of_the_recording_goes_there_too(string json, RecordingChange change, string? reason)
    {
        await TakenAsync("recording", json);
        var command = Assert.Single(_owner.Commands);
        Assert.Equal((CommandKind.Recording, change, reason, "loopback"), (command.Kind, command.Recording, command.Reason, command.By));
    }

    [Fact]
    public async Task What_the_owner_says_of_the_recording_names_the_field()
    {
        _owner.Result = CommandResult.Invalid;
        _owner.Problem = "action: the call is not recorded; start that first";
        var (detail, field) = await Client.ProblemAsync(Answers.Post($"/api/calls/{s_open.Id}/recording", """{"action": "pause"}"""), 422);
        Assert.Equal((_owner.Problem, "action"), (detail, field));
    }

    [Theory]
    [InlineData("""{"target": "sip:lead@pbx"}""", "sip:lead@pbx", null, MonitorMode.Listen, null)]
    [InlineData("""{"target": "4711", "outbound_endpoint": "pbx", "mode": "join"}""", "4711", "pbx", MonitorMode.Join, null)]
    [InlineData("""{"target": "4711", "mode": "whisper"}""", "4711", null, MonitorMode.Whisper, "target")]
    [InlineData("""{"target": "4711", "mode": "whisper", "side": "caller"}""", "4711", null, MonitorMode.Whisper, "caller")]
    public async Task What_is_asked_of_a_monitor_goes_there_too_and_its_id_comes_back(string json, string target, string? endpoint, MonitorMode mode, string? side)
    {
        string id;
        using (var answer = await Client.SendAsync(Answers.Post($"/api/calls/{s_open.Id}/monitor", json)))
        {
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            id = (await Answers.JsonAsync(answer)).GetProperty("monitorId").GetString()!;
        }
        Assert.Equal(new MonitorChange { Action = MonitorAction.Start, MonitorId = Guid.Parse(id), Target = target, OutboundEndpoint = endpoint, Mode = mode, Side = side }, Assert.Single(_owner.Commands).Monitor);

        using (var answer = await Client.SendAsync(Answers.With(HttpMethod.Patch, $"/api/calls/{s_open.Id}/monitor/{id}", """{"mode": "whisper", "side": "caller"}""")))
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(new MonitorChange { Action = MonitorAction.Change, MonitorId = Guid.Parse(id), Mode = MonitorMode.Whisper, Side = "caller" }, _owner.Commands[^1].Monitor);

        using (var answer = await Client.DeleteAsync($"/api/calls/{s_open.Id}/monitor/{id}"))
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(new MonitorChange { Action = MonitorAction.End, MonitorId = Guid.Parse(id) }, _owner.Commands[^1].Monitor);
    }

    [Fact]
    public async Task What_is_not_possible_now_is_a_conflict_with_the_reason()
    {
        _owner.Result = CommandResult.NotPossible;
        _owner.Problem = "the call's media does not go through the node";
        var (detail, field) = await Client.ProblemAsync(Answers.Post($"/api/calls/{s_open.Id}/monitor", """{"target": "4711"}"""), 409);
        Assert.Equal((_owner.Problem, (string?)null), (detail, field));
    }

    [Fact]
    public async Task No_scope_has_calls_monitored_only_a_key_that_may()
    {
        using var keys = new Keys();
        string administer = keys.New("root", ApiScope.Administer), reads = keys.New("reader", ApiScope.Read, monitor: true), lead = keys.New("lead", ApiScope.Operate, monitor: true);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path }, s => s with { Commands = _owner });
        await console.AppendAsync(s_open.Events);
        var id = Guid.CreateVersion7();
        foreach (var (key, why) in new[] { (administer, "'root' may not have calls monitored, whatever its scope"), (reads, "'reader' has scope read; this needs operate") })
        {
            console.Client.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", key);
            Assert.Contains(why, (await console.Client.ProblemAsync(Answers.Post($"/api/calls/{s_open.Id}/monitor", """{"target": "4711"}"""), 403)).Detail, StringComparison.Ordinal);
            Assert.Contains(why, (await console.Client.ProblemAsync(Answers.With(HttpMethod.Patch, $"/api/calls/{s_open.Id}/monitor/{id}", """{"mode": "join"}"""), 403)).Detail, StringComparison.Ordinal);
            Assert.Contains(why, (await console.Client.ProblemAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/calls/{s_open.Id}/monitor/{id}"), 403)).Detail, StringComparison.Ordinal);
        }
        Assert.Empty(_owner.Commands);
        console.Client.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", lead);
        using var answer = await console.Client.SendAsync(Answers.Post($"/api/calls/{s_open.Id}/monitor", """{"target": "4711"}"""));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("lead", Assert.Single(_owner.Commands).By);
    }

    [Fact]
    public async Task How_loud_the_sides_are_is_asked_of_the_owner()
    {
        (_owner.CallerLevel, _owner.TargetLevel) = (0.25, null);
        var level = await Client.JsonAsync($"/api/calls/{s_open.Id}/level");
        Assert.Equal((0.25, System.Text.Json.JsonValueKind.Null), (level.GetProperty("caller").GetDouble(), level.GetProperty("target").ValueKind));
        Assert.Equal(CommandKind.Level, Assert.Single(_owner.Commands).Kind);
        _owner.Result = CommandResult.NotPossible;
        await Client.ProblemAsync($"/api/calls/{s_open.Id}/level", 409);
    }

    [Fact]
    public async Task The_same_key_makes_the_same_command_and_another_key_call_or_no_key_another_one()
    {
        foreach (string? key in new[] { "one", "one", "two", null, null })
        {
            var request = Answers.Post($"/api/calls/{s_open.Id}/hangup", "{}");
            if (key is not null)
                request.Headers.Add("Idempotency-Key", key);
            using var answer = await Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }
        var ids = _owner.Commands.Select(c => c.CommandId).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(4, ids.Distinct().Count());
        var wrong = Answers.Post($"/api/calls/{s_open.Id}/hangup", "{}");
        wrong.Headers.Add("Idempotency-Key", new string('k', 101));
        Assert.Equal("Idempotency-Key", (await Client.ProblemAsync(wrong, 400)).Field);
    }

    [Theory]
    [InlineData("handoff", """{"handoff": {"invite": {"phone_number": "nobody at all"}}}""", 422, "handoff.invite.phone_number")]
    [InlineData("handoff", """{"handoff": {"invite": {"phone_number": "+1", "outbound_endpoint": "moon"}}}""", 422, "handoff.invite.outbound_endpoint")]
    [InlineData("handoff", """{"handoff": {"invite": {"phone_nummer": "+1"}}}""", 422, null)]
    [InlineData("handoff", """{"refer": {"refer_to": "sip:a@b\r\nEvil: yes"}}""", 422, "handoff.refer.refer_to")]
    [InlineData("handoff", """{"flow": "x", "handoff": {"bye": {}}}""", 422, "flow")]
    [InlineData("handoff", "{}", 422, "handoff")]
    [InlineData("handoff", "[1]", 422, "body")]
    [InlineData("handoff", "{", 400, null)]
    [InlineData("monitor", "{}", 422, "target")]
    [InlineData("monitor", """{"target": 4711}""", 422, "target")]
    [InlineData("monitor", """{"target": "4711", "mode": "spy"}""", 422, "mode")]
    [InlineData("monitor", """{"target": "4711", "side": "caller"}""", 422, "side")]
    [InlineData("monitor", """{"target": "4711", "mode": "whisper", "side": "boss"}""", 422, "side")]
    [InlineData("monitor", """{"target": "4711", "whisper": true}""", 422, "whisper")]
    [InlineData("flow", """{"flow": ""}""", 422, "flow")]
    [InlineData("flow", """{"flow": "a", "state": {}}""", 422, "state")]
    [InlineData("state", "{}", 422, "body")]
    [InlineData("handoff", """{"handoff": {"invite": {"phone_number": "\ud800"}}}""", 422, "phone_number")]
    [InlineData("handoff", """{"\ud800": 1}""", 422, "body")]
    [InlineData("state", """{"tier": "\ud800"}""", 422, "tier")]
    [InlineData("state", """{"tier": 1e200000}""", 422, "tier")]
    [InlineData("flow", """{"flow": "\udc00"}""", 422, "flow")]
    [InlineData("hangup", """{"why": "x"}""", 422, "why")]
    [InlineData("recording", "{}", 422, "action")]
    [InlineData("recording", """{"action": "erase"}""", 422, "action")]
    [InlineData("recording", """{"action": 1}""", 422, "action")]
    [InlineData("recording", """{"action": "pause", "seconds": 5}""", 422, "seconds")]
    [InlineData("recording", """{"action": "pause", "reason": 7}""", 422, "reason")]
    [InlineData("handoff", """{"handoff": {"invite": {"phone_number": "+1", "media": "moon"}}}""", 422, "handoff.invite.media")]
    [InlineData("handoff", """{"handoff": {"invite": {"phone_number": "+1", "record": "yes"}}}""", 422, "handoff.invite.record")]
    [InlineData("hangup?force=true", "{}", 400, "force")]
    public async Task What_cannot_be_carried_out_is_refused_by_field_and_asks_nobody(string command, string json, int status, string? field)
    {
        var (detail, named) = await Client.ProblemAsync(Answers.Post($"/api/calls/{s_open.Id}/{command}", json), status);
        if (field is not null)
            Assert.Equal(field, named);
        Assert.NotEmpty(detail);
        Assert.Empty(_owner.Commands);
    }

    [Theory]
    [InlineData(CommandResult.UnknownCall, 409)]
    [InlineData(CommandResult.CallOver, 409)]
    [InlineData(CommandResult.HandoffUnderWay, 409)]
    [InlineData(CommandResult.OtherCommand, 409)]
    [InlineData(CommandResult.Invalid, 422)]
    [InlineData(CommandResult.NoAnswer, 504)]
    public async Task What_the_owner_says_has_a_status_of_its_own(CommandResult result, int status)
    {
        _owner.Result = result;
        _owner.Problem = "flow: there is no such flow";
        var (detail, field) = await Client.ProblemAsync(Answers.Post($"/api/calls/{s_open.Id}/flow", """{"flow": "x"}"""), status);
        Assert.Equal("flow: there is no such flow", detail);
        if (result == CommandResult.Invalid)
            Assert.Equal("flow", field);
    }

    [Fact]
    public async Task A_call_that_is_over_or_unknown_is_nobody_s_to_command()
    {
        var (detail, _) = await Client.ProblemAsync(Answers.Post($"/api/calls/{RecordedCalls.Referred(2).Id}/hangup", "{}"), 409);
        Assert.StartsWith("The call ended at 2026-11-22T", detail, StringComparison.Ordinal);
        await Client.ProblemAsync(Answers.Post("/api/calls/nobody/hangup", "{}"), 404);
        Assert.Empty(_owner.Commands);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_not_read()
    {
        await Client.ProblemAsync(Answers.Post($"/api/calls/{s_open.Id}/state", $"{{\"a\": \"{new string('x', 70_000)}\"}}"), 413);
        Assert.Empty(_owner.Commands);
    }

    [Theory]
    [InlineData("https://evil.example", null, "application/json", 403)]
    [InlineData(null, "cross-site", "application/json", 403)]
    [InlineData(null, null, "text/plain", 415)]
    [InlineData(null, null, "application/x-www-form-urlencoded", 415)]
    public async Task A_page_of_another_site_commands_nothing(string? origin, string? site, string type, int status)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/calls/{s_open.Id}/hangup") { Content = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue(type)) };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        await Client.ProblemAsync(request, status);
        Assert.Empty(_owner.Commands);
    }

    [Fact]
    public async Task A_page_of_our_own_may()
    {
        var request = Answers.Post($"/api/calls/{s_open.Id}/hangup", "{}");
        request.Headers.Add("Origin", _console.Address.GetLeftPart(UriPartial.Authority));
        using var answer = await Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    /// <summary>A console where calls may go to the destination sales, which is the default.</summary>
    private async Task<ServedStore> WithDestinationsAsync(SpeechUse speech)
    {
        var sales = new HandoffDestination
        {
            Name = "sales",
            Reason = "wants_to_buy",
            IsDefault = true,
            ContextHeader = "X-Handoff-Id",
            Step = new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+12222222", OutboundEndpoint = "pstn", SipHeaders = [new SipHeader("X-Customer-ID", "$customer.id")] },
        };
        var console = await ServedStore.StartAsync(sources: s => s with { Commands = _owner, Handoffs = HandoffDestinations.Of([sales]), Speech = speech });
        await console.AppendAsync(s_open.Events);
        return console;
    }

    private async Task TakenAsync(string command, string json)
    {
        using var answer = await Client.SendAsync(Answers.Post($"/api/calls/{s_open.Id}/{command}", json));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }
}
