using EventCalls.Contracts;
using EventCalls.Replay.Nightly;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Console.Tests.Webhooks;

/// <summary>What is told of that is no call's: nodes, trunks and nights.</summary>
public sealed class WebhookNewsTests
{
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
        await NothingElseAsync(store, receiver);
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
        await NothingElseAsync(store, receiver);
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
        await NothingElseAsync(store, receiver);

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
        await NothingElseAsync(store, receiver);

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

    /// <summary>What was told is taken, and the next that is told is a call that ends only now.</summary>
    private static async Task NothingElseAsync(TellingStore store, Receiver receiver)
    {
        await store.Log.LineAsync("crm took");
        await store.AppendAsync(RecordedCalls.Referred().Events);
        Assert.Equal("call_ended", (await receiver.ReceivedAsync()).Type);
        Assert.False(receiver.HasMore);
    }

    private static Task HeardAsync(TellingStore store, string node, DateTimeOffset since, DateTimeOffset at, bool stopping = false) =>
        store.Store.SaveHeartbeatAsync(new NodeHeartbeat { Node = node, RunningSince = since, At = at, IntervalSeconds = 5, Stopping = stopping }, at, default);
}
