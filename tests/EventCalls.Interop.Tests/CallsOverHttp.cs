using System.Text.Json;
using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>What is seen and done over HTTP, wherever it is served.</summary>
public abstract class CallsOverHttp(ServingService service)
{
    private static readonly TimeSpan s_seen = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_call_that_logic_bridged_is_seen_within_a_second_and_moved_by_the_JSON_that_functions_return()
    {
        await using var first = await service.TargetAsync("target-answers");
        await using var second = await service.TargetAsync("target-answers", second: true);
        var calling = service.CallAsync("call-reinvited", "bridge", pauseMs: 1500);
        var open = await UpAsync("call-reinvited", call => true);
        Assert.InRange(TimeProvider.System.GetUtcNow() - open.GetProperty("startedAt").GetDateTimeOffset(), TimeSpan.Zero, s_seen);
        open = await UpAsync("call-reinvited", IsAnswered);
        string command = $"/api/calls/{open.GetProperty("callId").GetGuid()}/handoff";
        const string Json = """
            {"handoff": {"invite": {"phone_number": "2222222", "outbound_caller_id": "+15551234567", "outbound_endpoint": "pstn", "sip_headers": {"X-Customer-ID": "c-42", "X-Call-Type": "Support"}}}}
            """;

        var taken = await service.JsonAsync(202, command, Json, idempotencyKey: "move-1");
        var again = await service.JsonAsync(202, command, Json, idempotencyKey: "move-1");
        Assert.Equal(taken.GetRawText(), again.GetRawText());
        var otherwise = await service.JsonAsync(409, command, Json.Replace("2222222", "3333333", StringComparison.Ordinal), idempotencyKey: "move-1");
        Assert.Equal("Idempotency-Key", otherwise.GetProperty("field").GetString());

        var (result, sipCallId) = await calling;
        result.MustSucceed();
        (await first.WaitAsync()).MustSucceed();
        var invite = Assert.Single((await second.WaitAsync()).MustSucceed().Received, m => m.Method == "INVITE");
        Assert.Equal(("c-42", "Support"), (invite.Header("X-Customer-ID"), invite.Header("X-Call-Type")));
        Assert.Contains("+15551234567", invite.Header("From"), StringComparison.Ordinal);
        var call = await service.Process.EndedCallAsync(sipCallId);
        Assert.Equal(["invite answered", "invite answered"], call.Outcomes);
        var record = call.Only("command_taken");
        string handoffId = taken.GetProperty("handoffId").GetString()!;
        Assert.Equal(("handoff", "anna", taken.GetProperty("commandId").GetString(), handoffId), (record["kind"], record["by"], record["commandId"], record["handoffId"]));
        foreach (string id in new[] { handoffId, $"{call.CallId}", sipCallId })
        {
            var context = await service.JsonAsync(200, $"/api/handoffs/{Uri.EscapeDataString(id)}", by: "wallboard");
            Assert.Equal((call.CallId, handoffId, "4711"), (context.GetProperty("callId").GetGuid(), context.GetProperty("handoffId").GetString(), context.GetProperty("state").GetProperty("customer_id").GetString()));
        }

        // It is over: what was taken stays taken, and nothing else is.
        Assert.Equal(taken.GetRawText(), (await service.JsonAsync(202, command, Json, idempotencyKey: "move-1")).GetRawText());
        Assert.Equal("Call is over", (await service.JsonAsync(409, command, Json)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_destination_by_its_name_tells_its_target_the_id_by_which_the_context_is_found()
    {
        await using var first = await service.TargetAsync("target-answers");
        await using var second = await service.TargetAsync("target-answers", second: true);
        var calling = service.CallAsync("call-reinvited", "bridge", pauseMs: 500);
        string call = CallOf(await UpAsync("call-reinvited", IsAnswered));

        var taken = await service.JsonAsync(202, $"{call}/handoff", """{"handoff": {"type": "escalation"}, "state": {"handoff": {"ticket": "T-9"}}}""");

        (await calling).Result.MustSucceed();
        (await first.WaitAsync()).MustSucceed();
        var invite = (await second.WaitAsync()).MustSucceed().Received.First(m => m.Method == "INVITE");
        Assert.Equal(("4711", taken.GetProperty("handoffId").GetString()), (invite.Header("Customer"), invite.Header("X-Handoff-Id")));
        await service.Process.EndedCallAsync((await calling).SipCallId);
        var context = await service.JsonAsync(200, $"/api/handoffs/{invite.Header("X-Handoff-Id")}", by: "wallboard");
        Assert.Equal(("escalated", "T-9"), (context.GetProperty("reason").GetString(), context.GetProperty("handoff").GetProperty("ticket").GetString()));
    }

    [Fact]
    public async Task State_is_changed_and_the_logic_decides_anew_in_the_flow_that_is_named()
    {
        await using var first = await service.TargetAsync("target-answers");
        await using var second = await service.TargetAsync("target-answers", second: true);
        var calling = service.CallAsync("call-connected-later", "bridge", pauseMs: 500);
        string call = CallOf(await UpAsync("call-connected-later", IsAnswered));

        await service.JsonAsync(202, $"{call}/state", """{"ticket": {"id": 7}}""");
        await service.JsonAsync(202, $"{call}/flow", """{"flow": "second_try"}""");

        var (result, sipCallId) = await calling;
        result.MustSucceed();
        (await first.WaitAsync()).MustSucceed();
        (await second.WaitAsync()).MustSucceed();
        var stream = await service.Process.EndedCallAsync(sipCallId);
        Assert.Equal(["state", "flow"], stream.Events.Where(e => e.Type == "command_taken").Select(e => e["kind"]));
        Assert.Equal(["bridge", "second_try"], stream.Events.Where(e => e.Type == "flow_selected").Select(e => e["flow"]));
        var state = (await service.JsonAsync(200, $"{call}/state", by: "wallboard")).GetProperty("state");
        Assert.Equal((7, "yes"), (state.GetProperty("ticket").GetProperty("id").GetInt32(), state.GetProperty("asked_again").GetString()));
    }

    [Fact]
    public async Task A_call_that_talks_is_hung_up()
    {
        await using var target = await service.TargetAsync("target-answers");
        var calling = service.CallAsync("call-answered-peer-hangs-up", "bridge");
        string call = CallOf(await UpAsync("call-answered-peer-hangs-up", IsAnswered));

        await service.JsonAsync(202, $"{call}/hangup", """{"reason": "fraud"}""");

        var (result, sipCallId) = await calling;
        result.MustSucceed();
        (await target.WaitAsync()).MustSucceed();
        var stream = await service.Process.EndedCallAsync(sipCallId);
        Assert.Equal(("api", "fraud"), (stream.Ended["endedBy"], stream.Only("command_taken")["reason"]));
    }

    [Fact]
    public async Task While_a_handoff_rings_there_is_no_other_and_a_command_is_for_those_who_may()
    {
        await using var target = await service.TargetAsync("target-does-not-answer");
        var calling = service.CallAsync("call-rejected-480", "bridge");
        string call = CallOf(await UpAsync("call-rejected-480", c => c.GetProperty("attempts").GetInt32() == 1));
        const string Bye = """{"handoff": {"bye": {}}}""";

        var underWay = await service.JsonAsync(409, $"{call}/handoff", """{"handoff": {"invite": {"phone_number": "2222222", "outbound_endpoint": "pstn"}}}""");
        Assert.Equal("Handoff under way", underWay.GetProperty("title").GetString());
        var wrong = await service.JsonAsync(422, $"{call}/handoff", """{"handoff": {"invite": {"phone_number": "nobody at all"}}}""");
        Assert.Equal("handoff.invite.phone_number", wrong.GetProperty("field").GetString());
        await service.JsonAsync(422, $"{call}/handoff", """{"handoff": {"type": "moon"}}""");
        await service.JsonAsync(404, $"/api/calls/{Guid.CreateVersion7()}/handoff", Bye);
        await service.JsonAsync(401, $"{call}/handoff", Bye, by: null);
        await service.JsonAsync(403, $"{call}/handoff", Bye, by: "wallboard");
        await service.JsonAsync(202, $"{call}/hangup", "{}");

        var (result, sipCallId) = await calling;
        result.MustSucceed();
        (await target.WaitAsync()).MustSucceed();
        Assert.Equal("anna", (await service.Process.EndedCallAsync(sipCallId)).Only("command_taken")["by"]);
    }

    [Fact]
    public async Task Past_calls_are_decided_again_by_other_logic_and_one_by_the_logic_that_decided_it()
    {
        var (_, past) = await service.CallToTheEndAsync("call-rejected-486", "reject_486");
        string own = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Logic", "InteropLogic.cs"));
        string candidate = own.Replace("Handoff.Reject(486)", "Handoff.Reject(603)", StringComparison.Ordinal);
        Assert.NotEqual(own, candidate);

        var started = await service.JsonAsync(202, "/api/replays", JsonSerializer.Serialize(new { files = new Dictionary<string, string> { ["InteropLogic.cs"] = candidate }, flow = "reject_486" }));
        string replay = $"/api/replays/{started.GetProperty("replayId").GetGuid()}";
        var state = await UntilAsync(() => service.JsonAsync(200, replay, by: "wallboard"), r => r.GetProperty("state").GetString() != "running");

        Assert.Equal(("done", "anna", 1), (state.GetProperty("state").GetString(), state.GetProperty("by").GetString(), state.GetProperty("totals").GetProperty("changed").GetInt32()));
        var report = await service.JsonAsync(200, $"{replay}/report", by: "wallboard");
        Assert.Contains($"{past.CallId}", report.GetRawText(), StringComparison.Ordinal);
        Assert.Contains($"{past.CallId}", (await service.AskAsync($"{replay}/changed.csv")).Text, StringComparison.Ordinal);
        string version = (await service.JsonAsync(200, $"/api/calls/{past.CallId}")).GetProperty("logicVersion").GetString()!;
        var same = await service.JsonAsync(200, $"/api/calls/{past.CallId}/what-if?logic={Uri.EscapeDataString(version)}");
        Assert.Equal(("same", 0), (same.GetProperty("verdict").GetString(), same.GetProperty("changes").GetArrayLength()));
    }

    private static bool IsAnswered(JsonElement call) => call.GetProperty("outcome").GetString() == "answered";

    private static string CallOf(JsonElement call) => $"/api/calls/{call.GetProperty("callId").GetGuid()}";

    /// <summary>The open call of a scenario, once it fits.</summary>
    private async Task<JsonElement> UpAsync(string scenario, Func<JsonElement, bool> fits)
    {
        JsonElement Ours(JsonElement live) => live.GetProperty("calls").EnumerateArray().FirstOrDefault(c => c.GetProperty("sipCallId").GetString()!.StartsWith(scenario, StringComparison.Ordinal));
        return Ours(await UntilAsync(() => service.JsonAsync(200, "/api/live/calls", by: "wallboard"), live => Ours(live) is { ValueKind: JsonValueKind.Object } call && fits(call)));
    }

    private static async Task<JsonElement> UntilAsync(Func<Task<JsonElement>> ask, Func<JsonElement, bool> fits)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (true)
        {
            var answer = await ask();
            if (fits(answer))
                return answer;
            Assert.False(limit.IsCancellationRequested, answer.GetRawText());
            await Task.Delay(20);
        }
    }
}
