using EventCalls.Contracts;
using EventCalls.Store.Recording;
using EventCalls.Store.Tests.Sqlite;

namespace EventCalls.Store.Tests.Recording;

public sealed class TrunkHistoryTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_earlier_runs_of_a_node_saw_stays_and_an_event_that_is_carried_again_is_one()
    {
        await using var store = await OpenAsync();
        var history = new TrunkHistory(store);
        var down = Down(1);
        await SaveAsync(store, history, s_noon, down);
        await SaveAsync(store, history, s_noon, down, Up(2, since: down));
        Assert.Equal(["trunk_down 1", "trunk_up 2"], await LinesAsync(store));

        // The next run knows nothing of it; another recorder may be the one that hears it.
        await SaveAsync(store, history, s_noon.AddHours(1), Down(3_601));
        await SaveAsync(store, new TrunkHistory(store), s_noon.AddHours(1), Down(3_601));
        Assert.Equal(["trunk_down 1", "trunk_up 2", "trunk_down 3601", "trunk_down 3601"], await LinesAsync(store));
    }

    [Fact]
    public async Task That_a_server_is_up_as_a_run_begins_is_kept_only_where_it_was_down()
    {
        await using var store = await OpenAsync();
        var history = new TrunkHistory(store);
        await SaveAsync(store, history, s_noon, Up(1));
        Assert.Empty(await LinesAsync(store));
        await SaveAsync(store, history, s_noon, Up(1), Down(2));
        var found = Up(3_600);
        await SaveAsync(store, history, s_noon.AddHours(1), found, Up(3_601) with { Server = "udp:192.0.2.8:5060" });
        await SaveAsync(store, history, s_noon.AddHours(1), found);
        Assert.Equal(["trunk_down 2", "trunk_up 3600"], await LinesAsync(store));
    }

    [Fact]
    public async Task Of_many_the_newest_are_kept()
    {
        await using var store = await OpenAsync();
        await SaveAsync(store, new TrunkHistory(store), s_noon, [.. Enumerable.Range(0, TrunkHistory.MostKept + 5).Select(Down)]);
        var lines = await LinesAsync(store);
        Assert.Equal((TrunkHistory.MostKept, "trunk_down 5"), (lines.Count, lines[0]));
    }

    [Fact]
    public async Task A_node_that_says_nothing_of_its_trunks_is_left_as_it_is()
    {
        await using var store = await OpenAsync();
        var heartbeat = new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon, At = s_noon };
        Assert.Same(heartbeat, await new TrunkHistory(store).CompleteAsync(heartbeat, default));
    }

    private async Task<ICallStore> OpenAsync()
    {
        var store = fixture.Open(await fixture.NewDatabaseAsync());
        await store.MigrateAsync(default);
        return store;
    }

    private static async Task SaveAsync(ICallStore store, TrunkHistory history, DateTimeOffset since, params TrunkEvent[] events)
    {
        var heartbeat = new NodeHeartbeat { Node = "edge-1", RunningSince = since, At = events[^1].OccurredAt, Report = new NodeReport { TrunkEvents = events } };
        await store.SaveHeartbeatAsync(await history.CompleteAsync(heartbeat, default), heartbeat.At, default);
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(ICallStore store) =>
        [.. Assert.Single(await store.ListNodesAsync(default)).Heartbeat.Report!.TrunkEvents.Select(e => $"{e.TypeName} {(e.OccurredAt - s_noon).TotalSeconds:0}")];

    private static TrunkDown Down(int second) => new()
    {
        EventId = Guid.NewGuid(),
        Node = "edge-1",
        Trunk = "carrier",
        Server = "udp:192.0.2.7:5060",
        OccurredAt = s_noon.AddSeconds(second),
        ServersUp = 0,
        Servers = 1,
        Reason = "it does not answer OPTIONS",
    };

    private static TrunkUp Up(int second, TrunkDown? since = null) => new()
    {
        EventId = Guid.NewGuid(),
        Node = "edge-1",
        Trunk = "carrier",
        Server = "udp:192.0.2.7:5060",
        OccurredAt = s_noon.AddSeconds(second),
        ServersUp = 1,
        Servers = 1,
        DownSince = since?.OccurredAt,
    };
}
