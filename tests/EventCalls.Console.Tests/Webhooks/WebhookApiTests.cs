using System.Net;
using EventCalls.Contracts;
using EventCalls.Store.Notifying;

namespace EventCalls.Console.Tests.Webhooks;

public sealed class WebhookApiTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly WebhookOptions s_crm = new() { Name = "crm", Url = new Uri("https://crm.example.com/hooks/Zq81"), Secret = TellingStore.Secret };

    [Fact]
    public async Task Webhooks_are_listed_with_what_they_are_owed_and_without_address_and_secret()
    {
        await using var console = await ServedStore.StartAsync(sources: s => s with { Webhooks = [s_crm, s_crm with { Name = "new" }] });
        await OweAsync(console, "crm", 3, dead: 1);
        await OweAsync(console, "old", 1, dead: 0);
        await ((IWebhookQueue)console.Store).StopAsync("old", "410 Gone", "x", s_noon, default);

        var list = (await console.Client.JsonAsync("/api/webhooks")).GetProperty("webhooks").EnumerateArray().ToList();
        Assert.Equal(
            ["crm told 2 1 1", "new new 0 0 0", "old stopped 0 0 1"],
            list.Select(w => $"{w.GetProperty("name")} {w.GetProperty("state")} {w.GetProperty("owed")} {w.GetProperty("failed")} {w.GetProperty("dead")}"));
        Assert.Equal("410 Gone", list[2].GetProperty("stoppedBecause").GetString());

        string page = await console.Client.GetStringAsync("/system");
        Assert.Contains("""<th scope="row">crm</th><td><span class="outcome good">told</span></td><td>2</td><td><span class="outcome open">1</span></td><td><div class="does"><a class="outcome bad" href="/api/webhooks/crm/dead" aria-label="1: look at the dead letters of crm">1</a>""", page, StringComparison.Ordinal);
        foreach (string text in (string[])[page, await console.Client.GetStringAsync("/api/webhooks")])
        {
            Assert.DoesNotContain("Zq81", text, StringComparison.Ordinal);
            Assert.DoesNotContain(TellingStore.Secret, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Dead_letters_are_shown_and_replayed_one_or_all()
    {
        await using var console = await ServedStore.StartAsync();
        await OweAsync(console, "crm", 4, dead: 3);
        var dead = (await console.Client.JsonAsync("/api/webhooks/crm/dead")).GetProperty("dead").EnumerateArray().ToList();
        Assert.Equal([3, 2, 1], dead.Select(d => (int)(d.GetProperty("deadAt").GetDateTimeOffset() - s_noon).TotalMinutes));
        Assert.Equal(("call_ended", "503 <b>", 9), (dead[0].GetProperty("type").GetString(), dead[0].GetProperty("problem").GetString(), dead[0].GetProperty("attempts").GetInt32()));
        Assert.Equal(2, (await console.Client.JsonAsync("/api/webhooks/crm/dead?limit=2")).GetProperty("dead").GetArrayLength());

        var id = dead[1].GetProperty("id").GetGuid();
        Assert.Equal("""{"replayed":1}""", await ReplayAsync(console, $$"""{"id": "{{id}}"}"""));
        Assert.Contains(await ((IWebhookQueue)console.Store).ListDueAsync("crm", DateTimeOffset.MaxValue, 10, default), d => d.Id == id && d.Attempts == 0);
        var (detail, _) = await console.Client.ProblemAsync(Answers.Post("/api/webhooks/crm/dead/replay", $$"""{"id": "{{id}}"}"""), 404);
        Assert.Contains($"{id}", detail, StringComparison.Ordinal);
        Assert.Equal("""{"replayed":2}""", await ReplayAsync(console, "{}"));
        Assert.Empty((await console.Client.JsonAsync("/api/webhooks/crm/dead")).GetProperty("dead").EnumerateArray());
        var acts = (await console.Client.JsonAsync("/api/dead-letters/acts")).GetProperty("acts").EnumerateArray();
        Assert.Equal(["replay crm 2  by loopback", $"replay crm 0 {id} by loopback", $"replay crm 1 {id} by loopback"], acts.Select(QueueApiTests.Said));
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        await using var console = await ServedStore.StartAsync();
        await OweAsync(console, "crm", 1, dead: 1);
        await console.Client.ProblemAsync("/api/webhooks/other/dead", 404);
        await console.Client.ProblemAsync(Answers.Post("/api/webhooks/other/dead/replay", "{}"), 404);
        await console.Client.ProblemAsync(Answers.Post("/api/webhooks/crm/dead/replay", "[]"), 422);
        Assert.Equal("limit", (await console.Client.ProblemAsync("/api/webhooks/crm/dead?limit=0", 422)).Field);
    }

    [Fact]
    public async Task Replaying_needs_more_than_reading()
    {
        await using var console = await ServedStore.StartAsync();
        var document = await console.Client.JsonAsync("/openapi/v1.json");
        Assert.Equal("read", document.GetProperty("paths").GetProperty("/api/webhooks/{name}/dead").GetProperty("get").GetProperty("x-scope").GetString());
        Assert.Equal("operate", document.GetProperty("paths").GetProperty("/api/webhooks/{name}/dead/replay").GetProperty("post").GetProperty("x-scope").GetString());
    }

    private static async Task<string> ReplayAsync(ServedStore console, string body)
    {
        using var answer = await console.Client.SendAsync(Answers.Post("/api/webhooks/crm/dead/replay", body));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    // The last one that is not dead has failed before.
    private static async Task OweAsync(ServedStore console, string name, int count, int dead)
    {
        var queue = (IWebhookQueue)console.Store;
        await queue.AddWebhookAsync(name, 0, "", default);
        OwedDelivery[] owed = [.. Enumerable.Range(1, count).Select(n => new OwedDelivery { Id = EventIds.Derive(Guid.Empty, $"{name} {n}"), Type = "call_ended", CallId = Guid.NewGuid(), Version = 7, OwedSince = s_noon, NextAt = s_noon })];
        await queue.AdvanceAsync(name, 0, 1, "", owed, default);
        for (int n = 1; n <= dead; n++)
            await queue.SaveAttemptAsync(name, owed[n - 1] with { Attempts = 9, Problem = "503 <b>", DeadAt = s_noon.AddMinutes(n) }, default);
        if (count > dead)
            await queue.SaveAttemptAsync(name, owed[^1] with { Attempts = 1, Problem = "500" }, default);
    }
}
