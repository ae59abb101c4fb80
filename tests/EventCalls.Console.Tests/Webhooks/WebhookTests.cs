using System.Text;
using System.Text.Json.Nodes;
using EventCalls.Console.Webhooks;
using EventCalls.Contracts;
using EventCalls.Replay.Nightly;
using EventCalls.Store;
using EventCalls.Store.Steering;
using EventCalls.Testing;

namespace EventCalls.Console.Tests.Webhooks;

public sealed class WebhookTests
{
    private static readonly TimeSpan s_backOff = WebhookBackOff.First;

    [Fact]
    public async Task An_event_is_sent_signed_with_the_call_as_it_was_then()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        var call = RecordedCalls.ReferredThenBridged();
        await store.StartAsync(TellingStore.To(receiver.Url, events: ["transfer_failed", "call_ended"]));
        await store.AppendAsync(call.Events);

        var received = new[] { await receiver.ReceivedAsync(), await receiver.ReceivedAsync() }.ToDictionary(r => r.Type);
        Assert.All(received.Values, r => r.MustBeSigned(Encoding.UTF8.GetBytes(TellingStore.Secret)));
        Assert.All(received.Values, r => Assert.InRange(r.Timestamp, store.Clock.GetUtcNow().ToUnixTimeSeconds() - 1, store.Clock.GetUtcNow().ToUnixTimeSeconds()));
        var failed = received["transfer_failed"];
        var told = call.Events.OfType<TransferFailed>().Single();
        Assert.Equal(told.EventId.ToString("D"), failed.Id);
        var data = failed.Json.GetProperty("data");
        Assert.Equal(told.OccurredAt, failed.Json.GetProperty("timestamp").GetDateTimeOffset());
        Assert.Equal("Forbidden", data.GetProperty("event").GetProperty("data").GetProperty("evidence").GetProperty("reasonPhrase").GetString());
        Assert.Equal(1, data.GetProperty("call").GetProperty("attempts").GetInt32());
        Assert.Equal("refer", data.GetProperty("call").GetProperty("handoff").GetString());

        // The last event's call is the one that lists show.
        var ended = received["call_ended"].Json.GetProperty("data").GetProperty("call");
        var listed = System.Text.Json.JsonSerializer.Serialize(new Replay.Audit.ListedCall((await store.Store.FindAsync(call.Id.ToString("D"), default))!), Replay.Audit.AuditJson.Default.ListedCall);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(listed), JsonNode.Parse(ended.GetRawText())), ended.GetRawText());
    }

    [Fact]
    public async Task A_secret_in_base64_signs_with_its_bytes()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        byte[] key = Encoding.UTF8.GetBytes("0123456789abcdefghijklmnopqrstuv");
        var options = TellingStore.To(receiver.Url) with { Secret = $"whsec_{Convert.ToBase64String(key)}" };
        await store.StartAsync(options);
        await store.AppendAsync(RecordedCalls.Referred().Events);
        (await receiver.ReceivedAsync()).MustBeSigned(key);
        Assert.DoesNotContain(options.Secret, options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happened_before_a_webhook_was_configured_is_not_told()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        await store.AppendAsync(RecordedCalls.Referred(1).Events);
        await store.StartAsync(TellingStore.To(receiver.Url));
        await store.AppendAsync(RecordedCalls.Referred(2).Events);
        Assert.Equal(RecordedCalls.Referred(2).Events[^1].EventId.ToString("D"), (await receiver.ReceivedAsync()).Id);
        await store.Log.LineAsync("took");
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task What_was_answered_with_500_or_a_redirect_is_sent_again_with_the_same_id_later_each_time()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        receiver.Next(Receiver.Status(500, new string('x', 100_000)), Redirect(receiver.Url));
        await store.StartAsync(TellingStore.To(receiver.Url));
        await store.AppendAsync(RecordedCalls.Referred().Events);
        var first = await receiver.ReceivedAsync();
        string line = await store.Log.LineAsync("did not take");
        Assert.Contains("attempt 1;", line, StringComparison.Ordinal);
        Assert.Contains("500 Internal Server Error: xxx", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1, 500);

        store.Clock.Advance(s_backOff);
        var second = await receiver.ReceivedAsync();
        Assert.Contains("attempt 2;", line = await store.Log.LineAsync("did not take"), StringComparison.Ordinal);
        Assert.Contains("302", line, StringComparison.Ordinal);
        Assert.Equal((1, 1), ((int)(await store.StateAsync()).Owed, (int)(await store.StateAsync()).Failed));

        store.Clock.Advance(s_backOff);
        Assert.False(receiver.HasMore);
        store.Clock.Advance(s_backOff);
        var third = await receiver.ReceivedAsync();
        await store.Log.LineAsync("took");
        Assert.Equal((first.Id, first.Id), (second.Id, third.Id));
        Assert.True(first.Timestamp < second.Timestamp && second.Timestamp < third.Timestamp);
        third.MustBeSigned(Encoding.UTF8.GetBytes(TellingStore.Secret));
        Assert.Equal(0, (await store.StateAsync()).Owed);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_on_and_asked_again()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        receiver.Next(Receiver.HangAsync);
        await store.StartAsync(TellingStore.To(receiver.Url) with { Timeout = TimeSpan.FromSeconds(20) });
        await store.AppendAsync(RecordedCalls.Referred().Events);
        var first = await receiver.ReceivedAsync();
        store.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Contains("no answer within 20 s", await store.Log.LineAsync("did not take"), StringComparison.Ordinal);
        store.Clock.Advance(s_backOff);
        Assert.Equal(first.Id, (await receiver.ReceivedAsync()).Id);
        await store.Log.LineAsync("took");
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_told_when_it_is()
    {
        await using var store = await TellingStore.OpenAsync();
        int port = FreePorts.Next();
        await store.StartAsync(TellingStore.To(new Uri($"http://127.0.0.1:{port}/hooks")));
        await store.AppendAsync(RecordedCalls.Referred().Events);
        Assert.Contains("refused", await store.Log.LineAsync("did not take"), StringComparison.OrdinalIgnoreCase);
        await using var receiver = await Receiver.StartAsync(port);
        store.Clock.Advance(s_backOff);
        Assert.Equal("call_ended", (await receiver.ReceivedAsync()).Type);
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_a_delivery_loses_nothing()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        receiver.Next(Receiver.HangAsync);
        var options = TellingStore.To(receiver.Url) with { Parallel = 1 };
        var service = await store.StartAsync(options);
        await store.AppendAsync([.. RecordedCalls.Referred(1).Events, .. RecordedCalls.Referred(2).Events]);
        var cutOff = await receiver.ReceivedAsync();
        await service.DisposeAsync();
        Assert.Equal(2, (await store.StateAsync()).Owed);
        await store.AppendAsync(RecordedCalls.Referred(3).Events);

        await store.StartAsync(options);
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        string[] ids = [(await receiver.ReceivedAsync()).Id, (await receiver.ReceivedAsync()).Id, (await receiver.ReceivedAsync()).Id];
        Assert.Contains(cutOff.Id, ids);
        Assert.Equal(Enumerable.Range(1, 3).Select(n => RecordedCalls.Referred(n).Events[^1].EventId.ToString("D")).Order(), ids.Order());
    }

    [Fact]
    public async Task What_is_never_taken_becomes_a_dead_letter_and_is_sent_when_it_is_replayed()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        receiver.Otherwise = Receiver.Status(503, "out of order");
        await store.StartAsync(TellingStore.To(receiver.Url) with { GiveUpAfterHours = 2 });
        await store.AppendAsync(RecordedCalls.Referred().Events);
        await receiver.ReceivedAsync();
        await store.Log.LineAsync("attempt 1;");
        store.Clock.Advance(TimeSpan.FromHours(1));
        await receiver.ReceivedAsync();
        await store.Log.LineAsync("attempt 2;");
        store.Clock.Advance(TimeSpan.FromHours(1));
        var last = await receiver.ReceivedAsync();
        Assert.Contains("503 Service Unavailable: out of order", await store.Log.LineAsync("dead letter"), StringComparison.Ordinal);
        Assert.Equal((0, 1), ((int)(await store.StateAsync()).Owed, (int)(await store.StateAsync()).Dead));

        store.Clock.Advance(TimeSpan.FromHours(5));
        receiver.Otherwise = Receiver.Status(200);
        Assert.Equal(1, await store.Queue.ReplayDeadAsync("crm", null, store.Clock.GetUtcNow(), default));
        store.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(last.Id, (await receiver.ReceivedAsync()).Id);
        await store.Log.LineAsync("took");
        Assert.Equal((0, 0), ((int)(await store.StateAsync()).Owed, (int)(await store.StateAsync()).Dead));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_told_no_more_until_it_has_another_address()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        receiver.Next(Receiver.Status(410));
        var service = await store.StartAsync(TellingStore.To(receiver.Url));
        await store.AppendAsync(RecordedCalls.Referred(1).Events);
        await receiver.ReceivedAsync();
        await store.Log.LineAsync("wants to be told no more");
        var state = await store.StateAsync();
        Assert.Equal((0, 1), ((int)state.Owed, (int)state.Dead));
        Assert.Equal("410 Gone", state.StoppedBecause);
        Assert.Contains(await store.Queue.ListDeadAsync("crm", 10, default), letter => letter.Attempts == 1);

        await store.AppendAsync(RecordedCalls.Referred(2).Events);
        await service.DisposeAsync();
        await using (await store.StartAsync(TellingStore.To(receiver.Url)))
            Assert.NotNull((await store.StateAsync()).StoppedAt);
        store.Clock.Advance(TimeSpan.FromSeconds(5));
        await store.StartAsync(TellingStore.To(new Uri(receiver.Url + "/again")));
        Assert.Null((await store.StateAsync()).StoppedAt);
        await store.AppendAsync(RecordedCalls.Referred(3).Events);
        await receiver.ReceivedAsync();
        await store.Log.LineAsync("took");
        Assert.Equal(1, (await store.StateAsync()).Dead);
    }

    [Fact]
    public async Task A_receiver_that_hangs_does_not_hold_up_another_one()
    {
        await using var hanging = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        hanging.Otherwise = Receiver.HangAsync;
        await store.StartAsync(TellingStore.To(hanging.Url, "slow") with { Parallel = 2 }, TellingStore.To(quick.Url));
        await store.AppendAsync(Enumerable.Range(1, 5).SelectMany(n => RecordedCalls.Referred(n).Events));
        await hanging.ReceivedAsync();
        await hanging.ReceivedAsync();
        for (int i = 0; i < 5; i++)
        {
            await quick.ReceivedAsync();
            await store.Log.LineAsync("crm took");
        }
        Assert.Equal(0, (await store.StateAsync()).Owed);
        Assert.Equal(5, (await store.StateAsync("slow")).Owed);
        Assert.False(hanging.HasMore);
    }

    [Fact]
    public async Task A_node_that_a_recorder_finds_silent_is_told_of_once()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        var began = store.Clock.GetUtcNow();
        await HeardAsync(store, "edge-1", began, began);
        await HeardAsync(store, "edge-2", began, began, stopping: true);
        await store.StartAsync(TellingStore.To(receiver.Url, events: ["node_lost", "call_ended"]));
        await store.Store.SaveLostAsync("edge-1", new LostRun(began, began), default);
        await store.Store.SaveLostAsync("edge-2", new LostRun(began, began), default);
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        var lost = await receiver.ReceivedAsync();
        Assert.Equal("node_lost", lost.Type);
        Assert.Equal("edge-1", lost.Json.GetProperty("data").GetProperty("node").GetString());
        Assert.Equal(began, lost.Json.GetProperty("data").GetProperty("heardAt").GetDateTimeOffset());
        await store.Log.LineAsync("crm took");
        await store.AppendAsync(RecordedCalls.Referred().Events);
        Assert.Equal("call_ended", (await receiver.ReceivedAsync()).Type);
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task Nodes_are_not_told_of_while_no_recorder_hears_anybody_however_long()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        var began = store.Clock.GetUtcNow();
        await HeardAsync(store, "edge-1", began, began);
        await HeardAsync(store, "edge-2", began, began);
        await store.StartAsync(TellingStore.To(receiver.Url, events: ["node_lost", "call_ended"]));
        // Nobody is heard of as the recorder, another process, is down.
        for (int i = 0; i < 5; i++)
            store.Clock.Advance(TimeSpan.FromMinutes(1));
        await store.AppendAsync(RecordedCalls.Referred().Events);
        Assert.Equal("call_ended", (await receiver.ReceivedAsync()).Type);
        await store.Log.LineAsync("crm took");
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task A_node_that_comes_back_after_a_crash_is_told_of_by_the_run_that_died_and_never_by_the_one_that_starts()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        var began = store.Clock.GetUtcNow();
        await HeardAsync(store, "edge-1", began, began);
        await HeardAsync(store, "edge-2", began, began, stopping: true);
        await store.StartAsync(TellingStore.To(receiver.Url, events: ["node_lost", "call_ended"]));
        // Sooner than silence counts, so nobody noticed that it was gone; its calls are lost all the same.
        store.Clock.Advance(TimeSpan.FromSeconds(10));
        var back = store.Clock.GetUtcNow();
        await HeardAsync(store, "edge-1", back, back);
        await HeardAsync(store, "edge-2", back, back);
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        var lost = (await receiver.ReceivedAsync()).Json.GetProperty("data");
        Assert.Equal(("edge-1", began, began), (lost.GetProperty("node").GetString(), lost.GetProperty("runningSince").GetDateTimeOffset(), lost.GetProperty("heardAt").GetDateTimeOffset()));
        await store.Log.LineAsync("crm took");
        await store.AppendAsync(RecordedCalls.Referred().Events);
        Assert.Equal("call_ended", (await receiver.ReceivedAsync()).Type);
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task A_node_that_was_told_of_as_silent_is_not_told_of_again_when_it_is_back()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        var began = store.Clock.GetUtcNow();
        await HeardAsync(store, "edge-1", began, began);
        await store.StartAsync(TellingStore.To(receiver.Url, events: ["node_lost", "call_ended"]));
        store.Clock.Advance(TimeSpan.FromSeconds(31));
        await store.Store.SaveLostAsync("edge-1", new LostRun(began, began), default);
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("node_lost", (await receiver.ReceivedAsync()).Type);
        await store.Log.LineAsync("crm took");
        await HeardAsync(store, "edge-1", store.Clock.GetUtcNow(), store.Clock.GetUtcNow());
        await store.AppendAsync(RecordedCalls.Referred().Events);
        Assert.Equal("call_ended", (await receiver.ReceivedAsync()).Type);
        await store.Log.LineAsync("crm took");
        // One that is heard of again and falls silent again is told of again.
        var back = store.Clock.GetUtcNow();
        await HeardAsync(store, "edge-1", back, back);
        await store.Store.SaveLostAsync("edge-1", new LostRun(back, back), default);
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("node_lost", (await receiver.ReceivedAsync()).Type);
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task A_trunk_that_goes_down_and_comes_up_is_told_of_once_each_and_what_was_before_is_not()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        var at = store.Clock.GetUtcNow();
        var before = new TrunkDown { EventId = Guid.NewGuid(), Node = "edge-1", Trunk = "carrier", Server = "udp:192.0.2.7:5060", OccurredAt = at, ServersUp = 0, Servers = 1, Reason = "it does not answer OPTIONS" };
        var up = new TrunkUp { EventId = Guid.NewGuid(), Node = "edge-1", Trunk = "carrier", Server = "udp:192.0.2.7:5060", OccurredAt = at.AddSeconds(1), ServersUp = 1, Servers = 1, DownSince = at };
        var down = before with { EventId = Guid.NewGuid(), OccurredAt = at.AddSeconds(2) };
        await TrunksAsync(before);
        await store.StartAsync(TellingStore.To(receiver.Url, events: ["trunk_down", "call_ended"]));
        await TrunksAsync(before, up, down);
        store.Clock.Advance(TimeSpan.FromSeconds(3));
        var told = await receiver.ReceivedAsync();
        Assert.Equal(("trunk_down", down.EventId.ToString("D")), (told.Type, told.Id));
        Assert.Equal("it does not answer OPTIONS", told.Json.GetProperty("data").GetProperty("reason").GetString());
        await store.Log.LineAsync("crm took");
        await store.AppendAsync(RecordedCalls.Referred().Events);
        Assert.Equal("call_ended", (await receiver.ReceivedAsync()).Type);
        Assert.False(receiver.HasMore);

        Task TrunksAsync(params TrunkEvent[] events) => store.Store.SaveHeartbeatAsync(
            new NodeHeartbeat { Node = "edge-1", RunningSince = at, At = store.Clock.GetUtcNow(), Report = new NodeReport { TrunkEvents = events } }, at, default);
    }

    [Fact]
    public async Task A_night_after_which_calls_come_out_otherwise_is_told_of_once_and_one_before_is_not()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var store = await TellingStore.OpenAsync();
        await KeepAsync(1, notSame: 2);
        await store.StartAsync(TellingStore.To(receiver.Url, events: ["nightly_not_same", "call_ended"]), TellingStore.To(receiver.Url, "pager", "nightly_same"));
        await KeepAsync(2, notSame: 0);
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        var well = await receiver.ReceivedAsync();
        Assert.Equal(("nightly_same", 0), (well.Type, well.Json.GetProperty("data").GetProperty("notSame").GetInt32()));
        await store.Log.LineAsync("pager took");

        await KeepAsync(3, notSame: 1);
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        var alarm = await receiver.ReceivedAsync();
        var data = alarm.Json.GetProperty("data");
        Assert.Equal(("nightly_not_same", 5, 4, 1), (alarm.Type, data.GetProperty("calls").GetInt32(), data.GetProperty("same").GetInt32(), data.GetProperty("notSame").GetInt32()));
        Assert.Equal("target was 1 and is 2", data.GetProperty("examples")[0].GetProperty("what").GetString());
        await store.Log.LineAsync("crm took");
        await store.AppendAsync(RecordedCalls.Referred().Events);
        Assert.Equal("call_ended", (await receiver.ReceivedAsync()).Type);
        Assert.False(receiver.HasMore);

        Task KeepAsync(long number, int notSame)
        {
            var at = store.Clock.GetUtcNow();
            var result = new NightlyResult
            {
                From = at.AddDays(-1),
                To = at,
                At = at,
                Versions = new Dictionary<string, long> { ["sha256:1"] = 5 },
                Calls = 5,
                Same = 5 - notSame,
                NotReplayable = 0,
                Examples = [.. Enumerable.Range(0, notSame).Select(_ => new NightlyExample(Guid.NewGuid(), "sha256:1", "target was 1 and is 2"))],
            };
            return ((ILogicSteering)store.Store).TryKeepProofAsync(result.ToKept(number), default);
        }
    }

    private static Task HeardAsync(TellingStore store, string node, DateTimeOffset since, DateTimeOffset at, bool stopping = false) =>
        store.Store.SaveHeartbeatAsync(new NodeHeartbeat { Node = node, RunningSince = since, At = at, IntervalSeconds = 5, Stopping = stopping }, at, default);

    [Fact]
    public void The_wait_doubles_up_to_an_hour_and_varies()
    {
        Assert.Equal([5, 10, 20, 40], Enumerable.Range(1, 4).Select(n => WebhookBackOff.After(n, null, 0).TotalSeconds));
        Assert.Equal(3.75, WebhookBackOff.After(1, null, 1).TotalSeconds);
        Assert.Equal(WebhookBackOff.Longest, WebhookBackOff.After(500, null, 0));
        Assert.Equal(TimeSpan.FromMinutes(2), WebhookBackOff.After(1, TimeSpan.FromMinutes(2), 0.5));
        Assert.Equal(WebhookBackOff.Longest, WebhookBackOff.After(1, TimeSpan.FromDays(2), 0.5));
    }

    [Theory]
    [InlineData(TellingStore.Secret)]
    [InlineData("whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=")]
    public async Task The_example_for_receivers_in_Python_takes_what_is_signed_and_nothing_else(string secret)
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/webhooks.md"));
        int begin = page.IndexOf("```python\n", StringComparison.Ordinal) + 10;
        string example = page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)];
        using var request = new HttpRequestMessage();
        byte[] body = Encoding.UTF8.GetBytes("""{"type":"call_ended"}""");
        WebhookSignature.Sign(request, EventCalls.Store.Notifying.WebhookOptions.KeyOf(secret)!, Guid.NewGuid(), TimeProvider.System.GetUtcNow(), body);
        string headers = System.Text.Json.JsonSerializer.Serialize(request.Headers.ToDictionary(h => h.Key, h => h.Value.Single()));
        string program = $$"""
            {{example}}
            import json
            headers, body = json.loads({{Quoted(headers)}}), json.loads({{Quoted(System.Text.Json.JsonSerializer.Serialize(Encoding.UTF8.GetString(body)))}}).encode()
            old = dict(headers, **{"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1)})
            print(is_ours({{Quoted(secret)}}, headers, body), is_ours({{Quoted(secret)}}, headers, body + b" "), is_ours({{Quoted(secret)}}, old, body), is_ours("another secret of some length", headers, body))
            """;
        using var python = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("python3", ["-c", program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string said = await python.StandardOutput.ReadToEndAsync();
        string wrong = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.Equal("True False False False", said.Trim() + wrong);

        static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Redirect(Uri to) => context =>
    {
        context.Response.Redirect(to + "/elsewhere");
        return Task.CompletedTask;
    };
}
