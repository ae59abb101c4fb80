using System.Text;
using System.Text.Json.Nodes;
using EventCalls.Console.Webhooks;
using EventCalls.Contracts;
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
