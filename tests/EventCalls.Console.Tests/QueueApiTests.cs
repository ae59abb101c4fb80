using System.Net.Http.Headers;
using System.Text.Json;
using EventCalls.Console.Security;
using EventCalls.Contracts;

namespace EventCalls.Console.Tests;

public sealed class QueueApiTests
{
    private const string Failed = TestQueues.Failed;

    [Fact]
    public async Task What_waits_is_listed_for_the_nodes_that_the_store_knows_and_dead_letters_are_cleared_by_who_may()
    {
        using var keys = new Keys();
        string reads = keys.New("board", ApiScope.Read), operates = keys.New("desk", ApiScope.Operate), administers = keys.New("root", ApiScope.Administer);
        var queues = new TestQueues();
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path }, s => s with { Queues = queues, Gauges = () => [new Gauge("eventcalls_spool_events", "…", 7)] });
        await console.Store.SaveHeartbeatAsync(new NodeHeartbeat { Node = "edge-1", RunningSince = DateTimeOffset.UnixEpoch, At = DateTimeOffset.UnixEpoch }, DateTimeOffset.UnixEpoch, default);
        Use(reads);
        var list = await console.Client.JsonAsync("/api/queues");
        Assert.Equal(("eventcalls-node-edge-1", "work", 3), (list.GetProperty("queues")[0].GetProperty("name").GetString(), list.GetProperty("queues")[0].GetProperty("kind").GetString(), list.GetProperty("queues")[0].GetProperty("waiting").GetInt32()));
        Assert.Equal((7, JsonValueKind.Null), (list.GetProperty("spool").GetInt32(), list.GetProperty("journal").ValueKind));
        await console.Client.ProblemAsync($"/api/queues/{Failed}/dead", 403);
        Use(operates);
        Assert.Equal("m1", (await console.Client.JsonAsync($"/api/queues/{Failed}/dead?limit=5")).GetProperty("messages")[0].GetProperty("id").GetString());
        await console.Client.ProblemAsync($"/api/queues/{Failed}/dead?limit=1000", 422);
        await console.Client.ProblemAsync("/api/queues/other/dead", 404);
        await console.Client.ProblemAsync(Answers.Post($"/api/queues/{Failed}/dead/discard", "{}"), 403);
        using (var back = await console.Client.SendAsync(Answers.Post($"/api/queues/{Failed}/dead/put-back", """{"id": "m1"}""")))
            Assert.Equal("""{"messages":1}""", await back.Content.ReadAsStringAsync());
        Use(administers);
        using (var gone = await console.Client.SendAsync(Answers.Post($"/api/queues/{Failed}/dead/discard", "{}")))
            Assert.True(gone.IsSuccessStatusCode);
        await console.Client.ProblemAsync(Answers.Post("/api/queues/other/dead/discard", "{}"), 404);
        var acts = (await console.Client.JsonAsync("/api/dead-letters/acts")).GetProperty("acts").EnumerateArray().ToList();
        Assert.Equal([$"discard {Failed} 1  by root", $"put_back {Failed} 1 m1 by desk"], acts.Select(Said));
        Assert.Single((await console.Client.JsonAsync("/api/dead-letters/acts?limit=1")).GetProperty("acts").EnumerateArray());
        Assert.Equal("limit", (await console.Client.ProblemAsync("/api/dead-letters/acts?limit=0", 422)).Field);
        Assert.Equal([$"PutBack m1 of {Failed} by desk", $"Discard all of {Failed} by root"], queues.Done);
        queues.IsAway = true;
        Assert.Equal("no broker", (await console.Client.JsonAsync("/api/queues")).GetProperty("problem").GetString());
        await console.Client.ProblemAsync($"/api/queues/{Failed}/dead", 503);

        void Use(string key) => console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    [Fact]
    public async Task What_was_asked_for_and_failed_half_way_is_on_record_without_a_number_and_what_cannot_begin_is_not()
    {
        var queues = new TestQueues();
        await using var console = await ServedStore.StartAsync(sources: s => s with { Queues = queues });
        queues.FailsToClear = true;
        await console.Client.ProblemAsync(Answers.Post($"/api/queues/{Failed}/dead/put-back", "{}"), 503);
        var act = Assert.Single((await console.Client.JsonAsync("/api/dead-letters/acts")).GetProperty("acts").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, act.GetProperty("letters").ValueKind);
        queues.IsAway = true;
        await console.Client.ProblemAsync(Answers.Post($"/api/queues/{Failed}/dead/put-back", "{}"), 503);
        queues.IsAway = false;
        await console.Client.ProblemAsync(Answers.Post("/api/queues/other/dead/put-back", "{}"), 404);
        Assert.Single((await console.Client.JsonAsync("/api/dead-letters/acts")).GetProperty("acts").EnumerateArray());
        Assert.Contains("<td class=\"text\">not known</td>", await console.Client.GetStringAsync("/system"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_broker_there_are_no_queues_and_that_is_said()
    {
        await using var console = await ServedStore.StartAsync();
        Assert.Empty((await console.Client.JsonAsync("/api/queues")).GetProperty("queues").EnumerateArray());
        await console.Client.ProblemAsync($"/api/queues/{Failed}/dead", 404);
    }

    internal static string Said(JsonElement act) =>
        $"{act.GetProperty("act")} {act.GetProperty("name")} {act.GetProperty("letters")} {act.GetProperty("letter")} by {act.GetProperty("by")}";
}
